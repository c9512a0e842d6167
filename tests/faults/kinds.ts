import type { Random } from "#tests/fuzz/random.ts";
import type { Mode, TcpProxy } from "#tests/support/tcp-proxy.ts";
import type { Rig } from "./rig.ts";

/** Strikes, and mends what it broke; false when there was nothing to strike. */
type Fault = (rig: Rig, random: Random) => Promise<boolean>;

const unavailable = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

const between = (random: Random, from: number, to: number) => from + random.below(to - from);

// How long a broken link waits for someone to use it.
const longestMs = 5_000;

/** Breaks a link for a while. */
const during = async (proxy: TcpProxy, mode: Mode, ms: number) => {
  const before = proxy.struck;
  proxy.set(mode);
  await Bun.sleep(ms);
  for (let waited = ms; proxy.struck === before && waited < longestMs; waited += 50) await Bun.sleep(50);
  proxy.mend();
  return proxy.struck > before;
};
const cut = async (proxy: TcpProxy) => {
  const before = proxy.struck;
  proxy.cut();
  return proxy.struck > before;
};
const freeze = async (process: { signal(signal: NodeJS.Signals): boolean }, ms: number) => {
  const isThere = process.signal("SIGSTOP");
  await Bun.sleep(ms);
  process.signal("SIGCONT");
  return isThere;
};

/** Every way in which something breaks. */
export const kinds = {
  "worker killed": async (rig, random) => random.pick(rig.workers).signal("SIGKILL"),
  "worker frozen": (rig, random) => freeze(random.pick(rig.workers), between(random, 500, 4_000)),
  "worker frozen beyond keepalive": (rig, random) => freeze(random.pick(rig.workers), 17_000),
  "worker told to stop": async (rig, random) => random.pick(rig.workers).signal("SIGTERM"),
  "control plane killed": async (rig, random) => random.pick(rig.controlplanes).signal("SIGKILL"),
  "control plane frozen": (rig, random) => freeze(random.pick(rig.controlplanes), between(random, 500, 3_000)),
  "Redis killed": async ({ redis }, random) => {
    if (!redis) return false;
    await redis.kill();
    await Bun.sleep(between(random, 0, 1_500));
    await redis.restart();
    return true;
  },
  "gRPC cut": (rig, random) => cut(random.pick(rig.workers).grpc),
  "gRPC frozen": (rig, random) => during(random.pick(rig.workers).grpc, { how: "frozen" }, between(random, 500, 3_000)),
  "gRPC delayed": (rig, random) => during(random.pick(rig.workers).grpc, { how: "delayed", ms: 150 }, 2_000),
  "gRPC garbled": (rig, random) => during(random.pick(rig.workers).grpc, { how: "garbled" }, 200),
  "SSE cut": (rig, random) => cut(random.pick(rig.controlplanes).http),
  "SSE frozen": (rig, random) =>
    during(random.pick(rig.controlplanes).http, { how: "frozen" }, between(random, 500, 3_000)),
  "storage 503": ({ links }, random) =>
    during(links.storage, { how: "answered", text: unavailable }, between(random, 300, 3_000)),
  "storage hangs": ({ links }, random) => during(links.storage, { how: "frozen" }, between(random, 500, 4_000)),
  "storage cut": async ({ links }, random) => {
    links.storage.cut();
    return during(links.storage, { how: "refused" }, between(random, 100, 1_500));
  },
  "source cut": async ({ links }, random) => {
    links.source.cut();
    return during(links.source, { how: "refused" }, between(random, 100, 1_500));
  },
  "source stalls": ({ links }, random) => during(links.source, { how: "frozen" }, between(random, 500, 3_000)),
  "disk full": async ({ disk }, random) => {
    if (!disk) return false;
    await disk.fill();
    await Bun.sleep(between(random, 500, 3_000));
    await disk.free();
    return true;
  },
  "webhook receiver down": ({ links }, random) =>
    during(links.webhooks, { how: "refused" }, between(random, 1_000, 4_000)),
  "webhook garbled": ({ links }) => during(links.webhooks, { how: "garbled" }, 500),
} as const satisfies Record<string, Fault>;

export type Kind = keyof typeof kinds;
export const kindNames = Object.keys(kinds).filter((name): name is Kind => Object.hasOwn(kinds, name));

/** Processes that end at once, each started again after a moment. */
export const killKinds: readonly Kind[] = ["worker killed", "control plane killed", "Redis killed"];
