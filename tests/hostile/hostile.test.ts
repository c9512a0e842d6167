import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { client, filesIn } from "#tests/support/service.ts";
import { slowness } from "#tests/support/slowness.ts";
import { reply } from "#tests/support/source-server.ts";
import { splitSeconds } from "#tests/support/split.ts";
import { bombs, slowBombs } from "./bombs.ts";
import { disguises } from "./disguises.ts";
import { hostileOrders } from "./orders.ts";
import { crookedPaths, malformed } from "./requests.ts";
import { film, hostileHost, key, type Rig, startRig } from "./rig.ts";
import { behaviours, rebinding } from "./servers.ts";
import { slowClients } from "./slow-clients.ts";
import { type Heard, speak } from "./speak.ts";
import { makeTally, type Try, tryEach } from "./tally.ts";
import { hostileNames, hostileUrls, unroutable } from "./urls.ts";

const MiB = 2 ** 20;
let rig: Rig;
let slow: Promise<Heard[]>;
const tally = makeTally();

const authorization = `Bearer ${key}`;
const good = () => ({ input_url: `http://${hostileHost}:9/film.mp4`, preset: "tiny" });
const post = (body: unknown, headers: Record<string, string> = {}) =>
  client(rig.url).post(body, { authorization, ...headers }, AbortSignal.timeout(30_000 * slowness()));

beforeAll(async () => {
  rig = await startRig();
  slow = slowClients(rig);
});

afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  process.stdout.write(tally.table());
});

async function tryAll(what: string, names: readonly string[], attempt: Try, lanes = 8) {
  const complaints = [...(await tryEach(names, attempt, lanes)), ...rig.seen()];
  tally.count(what, names.length, complaints.length);
  expect(complaints).toEqual([]);
}

// Raw arguments are never cut.
const usual = splitSeconds > 0 ? "hls_tiny" : "tiny";

/** Orders a job of this source and tells what is wrong with how it failed. */
async function ordered(input_url: string, kinds = ["source_failed"], preset = usual) {
  const { status, body } = await post({ input_url, preset }, { prefer: "wait" });
  const text = JSON.stringify(body);
  if (status < 400 || !kinds.includes(String(body["kind"]))) return `${status} ${text}`;
  return text.includes(rig.home) || text.includes("root:") ? `tells too much: ${text}` : undefined;
}

const isRefused = ({ status, body }: { status: number; body: Record<string, unknown> }) =>
  [400, 404, 413, 415, 422].includes(status) && ["invalid", "not_found", "too_large"].includes(String(body["kind"]));

test("URLs that lead where nothing may be fetched are refused, by the control plane and by the worker", () =>
  tryAll("URLs", hostileUrls, async (template) => {
    const input_url = template.replaceAll("PORT", String(rig.canaryPort));
    const answer = await post({ ...good(), input_url });
    if (!isRefused(answer)) return `${answer.status} ${JSON.stringify(answer.body)}`;
    const told = Array.fromAsync(
      rig.worker.submitJob({ jobId: Bun.randomUUIDv7(), inputUrl: input_url, preset: "tiny" }),
    );
    return told.then(
      (events) => `the worker took it: ${events.length}`,
      ({ kind }) => (kind === "invalid" ? undefined : `the worker says ${kind}`),
    );
  }));

test("redirects to them are not followed", () => {
  const locations = hostileUrls.filter((url) => /^[a-z0-9]+:[^\s\p{Cc}]+$/iu.test(url));
  return tryAll("redirects", locations, (template) => {
    const location = template.replaceAll("PORT", String(rig.canaryPort));
    return rig.serving(
      ({ socket }) => reply(socket, 302, { Location: location }),
      (url) => ordered(url),
    );
  });
});

test("names that lead there are not connected to", () =>
  tryAll(
    "names",
    hostileNames.map((addresses) => addresses.join(" ")),
    (addresses) => {
      const name = `${Bun.hash(addresses)}.names.test`;
      rig.name(name, () => addresses.split(" "));
      return ordered(`http://${name}:${rig.canaryPort}/film.mp4`);
    },
  ));

test("names that nobody has fail", () =>
  tryAll("names that nobody has", Object.values(unroutable), (url) => ordered(url)));

test("names that change their mind lead nowhere", () =>
  tryAll("names that change their mind", Object.keys(rebinding), (when) =>
    rig.serving(rebinding[when] ?? (() => {}), (_, port) => {
      const name = `${Bun.hash(when)}.rebinding.test`;
      // A lookup is two questions; the canary's address is for whoever looks twice.
      rig.name(name, (n) => [n < 2 ? hostileHost : "127.0.0.3"]);
      return ordered(`http://${name}:${port}/film.mp4`);
    }),
  ));

test("servers that nothing good comes from fail their jobs", () =>
  tryAll("servers", Object.keys(behaviours), (name) => {
    const answer = behaviours[name]?.(rig.canaryPort) ?? (() => {});
    return rig.serving(answer, (url) => ordered(url, ["source_failed"]));
  }));

test("texts that name other files are no films", () =>
  tryAll("playlists, scripts, references", Object.keys(disguises), (name) =>
    rig.serving(film(disguises[name]?.(rig.bait) ?? ""), (url) => ordered(`${url}/film.mp4`)),
  ));

test("bombs are no films", () =>
  tryAll(
    "bombs",
    Object.keys(bombs),
    async (name) => {
      const bomb = (await bombs[name]?.(rig.bait.file)) ?? "";
      return rig.serving(film(bomb), (url) => ordered(`${url}/film.mp4`, ["source_failed", "encode_failed"]));
    },
    2,
  ));

test("bombs that ffmpeg takes for films end with the deadline at the latest", () =>
  tryAll(
    "slow bombs",
    Object.keys(slowBombs),
    async (name) => {
      const bomb = (await slowBombs[name]?.(rig.bait.file)) ?? "";
      return rig.serving(film(bomb), (url) =>
        ordered(`${url}/film.mp4`, ["source_failed", "encode_failed", "timeout"], "hls_720p"),
      );
    },
    1,
  ));

test("orders that are not as they should be are refused", () =>
  tryAll("orders", Object.keys(hostileOrders), async (name) => {
    const body = hostileOrders[name]?.(good()) ?? "";
    const headers = { authorization, "Content-Type": "application/json" };
    const answer = await fetch(`${rig.url}/api/v1/jobs`, { method: "POST", headers, body });
    const problem: Record<string, unknown> = Object(await answer.json());
    return isRefused({ status: answer.status, body: problem })
      ? undefined
      : `${answer.status} ${JSON.stringify(problem)}`;
  }));

const said = async (bytes: string | Buffer) => {
  const { statuses, text } = await speak({ port: rig.port, bytes });
  const isWrong = statuses.some((status) => status !== 100 && (status < 400 || (status >= 500 && status !== 505)));
  return isWrong || /^X-Injected/im.test(text) ? text : undefined;
};
const known = () => ({ key, order: JSON.stringify(good()) });

test("requests that HTTP forbids are not carried out", () =>
  tryAll("malformed requests", Object.keys(malformed), (name) => said(malformed[name]?.(known()) ?? "")));

test("crooked paths lead nowhere", () =>
  tryAll("crooked paths", Object.keys(crookedPaths), (path) => said(crookedPaths[path]?.(known()) ?? "")));

test("afterwards, and while slow clients keep it waiting, it answers at once and encodes", async () => {
  const letGo = slowClients(rig).then(() => "it let the slow clients go first");
  const answered = async () => {
    for (let n = 0; n < 5; n += 1) {
      const answer = await fetch(`${rig.url}/api/v1/workers/status`, { headers: { authorization } });
      expect(await answer.json()).toMatchObject({ workers: [{ reachable: true }] });
    }
    return "it answered";
  };
  expect(await Promise.race([answered(), letGo])).toBe("it answered");

  const bytes = Buffer.from(await Bun.file(await clip()).bytes());
  const output = { path: "-y -i x'$(id)/subtitles=%2e.mp4", metadata: { title: "-map 0\r\nX: y" } };
  await rig.serving(film(bytes), async (input_url) => {
    expect(await post({ input_url, preset: "tiny", output }, { prefer: "wait" })).toMatchObject({ status: 200 });
  });
  const shown = (await filesIn(join(rig.home, "out"))).filter((file) => !file.startsWith(".flux/"));
  expect(shown).toEqual([output.path]);
});

test("slow clients are let go, and nothing is done for them", async () => {
  const heard = await slow;
  const through = heard.filter(({ isClosed, statuses }) => !isClosed && !statuses.includes(408));
  tally.count("slow clients", heard.length, through.length);
  expect(through).toEqual([]);
  expect(heard.flatMap(({ statuses }) => statuses).filter((status) => status !== 408)).toEqual([]);
});

test("all of it leaves nothing behind and took no more memory than it may", async () => {
  const { inputs, through } = tally.total();
  expect(inputs).toBeGreaterThan(150);
  expect(through).toBe(0);
  const { ffmpeg, worker, controlplane } = rig.peaks();
  expect(ffmpeg).toBeLessThan(256 * MiB);
  expect(worker).toBeLessThan(400 * MiB);
  expect(controlplane).toBeLessThan(400 * MiB);
  expect((await readdir(rig.home)).sort()).toEqual(["bait", "out", expect.stringMatching(/^work-/)]);
  expect(rig.logs().filter((line) => line.includes('"kind":"internal"'))).toEqual([]);
});
