import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { prefixOf } from "#shared/job/id.ts";
import { clip } from "#tests/support/clips.ts";
import { loudnessOf } from "#tests/support/loudness.ts";
import { childrenOf, freePort, type Process, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const [seconds, rate] = [12, 24];

const small = `name: small
description: A small picture
video: { codec: h264, speed: medium, gop_seconds: 1, renditions: [{ size: 90, crf: 30, maxrate: 500k, bufsize: 1000k }] }
audio: { codec: aac, bitrate: 64k, loudness: -30 }
`;

const stack = new AsyncDisposableStack();
let farm: Awaited<ReturnType<typeof startFarm>>;

/** Three workers of one storage and a fourth of another, with a control plane. */
async function startFarm() {
  const home = stack.use(await temporaryFolder()).path;
  const presets = join(home, "presets");
  await Bun.write(join(presets, "small.yaml"), small);
  const sources = stack.use(serveFiles({ "film.mp4": await clip({ seconds, rate }) }));
  const started = async (of: string) => {
    const port = await freePort();
    return { port, ...stack.use(await startWorker({ port, home: of, PRESETS_DIR: presets, SPLIT_SECONDS: "2" })) };
  };
  const elsewhere = join(home, "elsewhere");
  const workers = await Promise.all([home, home, home, elsewhere].map(started));
  const controlplane = stack.use(await startControlplane(workers.map(({ port }) => port)));
  return {
    ...{ api: client(controlplane.url), workers, controlplane },
    order: { input_url: sources.url("film.mp4"), preset: "small", workers: 4 },
    board: async (id: unknown) =>
      (await filesIn(join(home, `out/.flux/jobs/pieces/${id}`))).concat(
        await filesIn(join(elsewhere, `out/.flux/jobs/pieces/${id}`)),
      ),
    helped: async () =>
      (await (await fetch(`${controlplane.url}/metrics`)).text())
        .split("\n")
        .filter((line) => line.startsWith("flux_helped_pieces_total")),
  };
}
beforeAll(async () => {
  farm = await startFarm();
});
afterAll(() => stack.disposeAsync());

/** The processes that a worker runs, of which a command has these words in it. */
async function running({ pid }: Pick<Process, "pid">, words: string): Promise<number[]> {
  const children = await childrenOf(pid).catch(() => []);
  const below = await Promise.all(children.map((child) => running({ pid: child }, words)));
  const text = (child: number) =>
    Bun.file(`/proc/${child}/cmdline`)
      .text()
      .catch(() => "");
  const commands = await Promise.all(children.map(text));
  return [...children.filter((_, at) => commands[at]?.includes(words)), ...below.flat()];
}
const pieceEncoders = (worker: Pick<Process, "pid">) => running(worker, "segment_frames");
const says = ({ said }: Process, words: string, id: unknown) =>
  said.filter((line) => line.includes(words) && line.includes(String(id))).length;
const helps = (worker: Process, id: unknown) => says(worker, "encoding a piece of another", id) > 0;

/** Orders the film at one of the workers that share a storage. */
async function ordered() {
  const { api, order, workers } = farm;
  for (;;) {
    const id = (await api.post(order)).body["job_id"];
    const owner = workers.slice(0, 3).find(({ port }) => String(id).startsWith(prefixOf(`127.0.0.1:${port}`)));
    if (owner) return { id, owner };
    await api.cancel(id);
  }
}

/** Orders the film, and stops the owner's first encode, so that others have time to help. */
async function orderAndStop() {
  const { id, owner } = await ordered();
  await eventually(async () => (await pieceEncoders(owner)).length > 0, "the owner encodes");
  const stopped = await pieceEncoders(owner);
  for (const pid of stopped) process.kill(pid, "SIGSTOP");
  return {
    ...{ id, owner },
    others: farm.workers.filter((worker) => worker !== owner),
    goOn() {
      for (const pid of stopped) process.kill(pid, "SIGCONT");
    },
  };
}

test("several workers encode one film as one would, though one of them is killed", async () => {
  const { api, controlplane, board, helped } = farm;
  const { id, owner, others, goOn } = await orderAndStop();
  await eventually(() => others.some((worker) => helps(worker, id)), "a worker helps");
  const victim = others.find((worker) => helps(worker, id));
  victim?.kill("SIGKILL");
  await eventually(() => says(controlplane, "a worker has encoded a piece", id) > 0, "another has encoded a piece");
  goOn();
  // Of several workers on one machine each has a name.
  const helper = others.find((worker) => worker !== victim && helps(worker, id));
  await eventually(() => says(owner, `:${helper?.port}"`, id) > 0, "the owner says who has encoded a piece");
  const events = await api.events(id);
  const last = events.at(-1);
  expect(last).toMatchObject({ status: "completed", attempt: 1, pieces: { done: 6, total: 6, workers: 2 } });
  // The sound was measured before the pieces, and encoded beside them.
  expect(events.map(({ message }) => message)).toContain("Joining the pieces");
  expect(events.filter(({ message }) => message?.startsWith("Measuring loudness")).length).toBeGreaterThan(0);
  expect(Math.abs((await loudnessOf(fileURLToPath(last?.output_url ?? ""))) + 30)).toBeLessThan(0.5);
  expect(await shownIn(fileURLToPath(last?.output_url ?? ""))).toEqual(
    Array.from({ length: seconds * rate }, (_, at) => at),
  );
  expect(await board(id)).toEqual(["ended.json"]);
  // The worker of another storage was asked once, and has written nothing anywhere.
  expect((await helped()).filter((line) => line.includes("unfit"))).toEqual([expect.stringMatching(/ 1$/)]);
});

/** When the pictures of a file are shown, in pictures at its rate; throws where a decoder complains. */
async function shownIn(file: string): Promise<number[]> {
  const { stdout, stderr } = await Bun.$`ffmpeg -v warning -i ${file} -map 0:v -f framecrc -`.quiet();
  expect(stderr.toString()).toBe("");
  return [...stdout.toString().matchAll(/^0, *(\d+), *(\d+), *1,/gm)].map(([, , shown]) => Number(shown));
}

test("a cancel ends every ffmpeg, the helpers' too, and the board", async () => {
  const { api, workers, board } = farm;
  const { id, others } = await orderAndStop();
  await eventually(() => others.some((worker) => helps(worker, id)), "a worker helps");
  expect((await api.cancel(id)).status).toBe(202);
  const left = async () => (await Promise.all(workers.map((worker) => running(worker, "ffmpeg")))).flat();
  await eventually(async () => (await left()).length === 0, "no ffmpeg is left");
  await eventually(async () => (await board(id)).join() === "ended.json", "the board is gone");
});
