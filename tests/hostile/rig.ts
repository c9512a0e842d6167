import { closeSync, constants, openSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { WorkerService } from "#proto/worker/v1/worker_pb.js";
import { rpcClient } from "#shared/rpc/client.ts";
import { dnsStub } from "#tests/support/dns-stub.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { atLeast } from "#tests/support/slowness.ts";
import { type Asked, head, reply, sourceServer } from "#tests/support/source-server.ts";
import { watchMemory } from "./memory.ts";

// Hostile servers are where fetching is allowed; the canaries are where it is not.
export const hostileHost = "127.0.0.2";
export const key = "a-key-that-the-attacker-has";

/** A whole service that hostile servers can reach, canaries that nobody may ask, and a file that nobody may open. */
export async function startRig() {
  await using stack = new AsyncDisposableStack();
  const home = stack.use(await temporaryFolder());
  const secret = ({ socket }: Asked) => reply(socket, 200, {}, "secret");
  const canary = stack.use(await sourceServer(secret));
  const canaries = [canary];
  for (const host of ["::1", "127.0.0.3"])
    canaries.push(stack.use(await sourceServer(secret, { host, port: canary.port })));

  const names = new Map<string, (n: number) => readonly string[]>();
  const lookups = new Map<string, number>();
  const dns = stack.use(
    await dnsStub((name) => {
      const n = lookups.get(name) ?? 0;
      lookups.set(name, n + 1);
      return names.get(name)?.(n) ?? [];
    }),
  );
  const bait = stack.use(await untouchable(join(home.path, "bait")));
  const port = await freePort();
  const worker = stack.use(
    await startWorker({
      MAIN: "tests/hostile/worker.ts",
      port,
      home: home.path,
      DNS_PORT: String(dns.port),
      ALLOWED_PRIVATE_CIDRS: hostileHost,
      MAX_CONCURRENT_JOBS: "16",
      MAX_SOURCE_SIZE: "16MiB",
      JOB_MEMORY: "0B",
      WEBHOOK_SECRETS: `whsec_${Buffer.alloc(24, 7).toString("base64")}`,
    }),
  );
  const controlplane = stack.use(
    await startControlplane([port], {
      API_KEY: key,
      HOST: "127.0.0.1",
      ALLOWED_PRIVATE_CIDRS: hostileHost,
      RATE_LIMIT: "1000000/1s",
      MAX_JOBS_PER_CLIENT: "1000",
      JOB_TIMEOUT: atLeast(6_000),
    }),
  );
  const memory = [worker, controlplane].map(({ pid }) => stack.use(watchMemory(pid)));
  const client = rpcClient(WorkerService, `127.0.0.1:${port}`);
  stack.defer(() => client.close());
  const kept = stack.move();

  return {
    home: home.path,
    url: controlplane.url,
    port: Number(new URL(controlplane.url).port),
    canaryPort: canary.port,
    bait: { origin: canary.url, file: bait.path },
    worker: client.calls,
    /** What a lookup of a name is answered, the n-th from 0. */
    name: (name: string, answer: (n: number) => readonly string[]) => names.set(name, answer),
    /** Serves something to the worker; it ends with the work. */
    async serving<T>(answer: (asked: Asked, n: number) => void, work: (url: string, port: number) => Promise<T>) {
      await using server = await sourceServer(answer, { host: hostileHost });
      return await work(server.url, server.port);
    },
    /** What has come to the canaries, or to the bait. */
    seen: () => [
      ...canaries.flatMap(({ connections }, n) => (connections > 0 ? [`canary ${n} has had ${connections}`] : [])),
      ...(bait.isOpened() ? ["the bait was opened"] : []),
    ],
    peaks: () => ({
      ffmpeg: memory[0]?.below() ?? 0,
      worker: memory[0]?.own() ?? 0,
      controlplane: memory[1]?.own() ?? 0,
    }),
    logs: () => [...worker.said, ...controlplane.said],
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

export type Rig = Awaited<ReturnType<typeof startRig>>;

/** Serves bytes as an innocent film. */
export const film =
  (bytes: string | Uint8Array) =>
  ({ socket }: Asked) => {
    const body = Buffer.from(bytes);
    socket.write(head(200, { "Content-Type": "video/mp4", "Content-Length": body.length, Connection: "close" }));
    socket.end(body);
  };

/** A pipe: who opens it to read lets the one go on who waits to write. */
async function untouchable(path: string) {
  Bun.spawnSync(["mkfifo", path]);
  let isOpened = false;
  const writing = open(path, "w").then((file) => {
    isOpened = true;
    return file.close();
  });
  return {
    path,
    isOpened: () => isOpened,
    async [Symbol.asyncDispose]() {
      const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      await writing;
      closeSync(reading);
    },
  };
}
