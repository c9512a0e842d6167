import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { clip } from "#tests/support/clips.ts";
import { freePort, jobsFolder, leftIn, startControlplane, startWorker } from "#tests/support/processes.ts";
import { testWithVmaf } from "#tests/support/quality.ts";
import { client, eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { contentOf } from "./content.ts";
import { smallDisk } from "./small-disk.ts";

const seconds = 10;
/** Of two seconds each. */
const pieces = 5;

/** Each point takes a job and a crash: all are tried by `EVERY_STEP=true`, and otherwise those that differ most. */
const isEvery = process.env["EVERY_STEP"] === "true";
const chosen = <T>(all: readonly T[], usual: readonly number[]) =>
  isEvery ? all : all.filter((_, at) => usual.includes(at));

/** Every point at which a worker can die while it encodes in pieces, and how many of them are whole then. */
const points = [
  ...Array.from({ length: pieces }, (_, at) => ({ point: `before piece ${at + 1}`, kept: at })),
  ...Array.from({ length: pieces }, (_, at) => ({ point: `after piece ${at + 1}`, kept: at + 1 })),
  ...["before join", "before upload", "after upload 3", "after upload 7", "after join", "after encode"].map(
    (point) => ({
      point,
      kept: pieces,
    }),
  ),
  ...["before verify", "before stage", "before commit"].map((point) => ({ point, kept: pieces })),
];
/** Where most of it is encoded. */
const isSettled = { kept: 3, point: "after piece 3" };

const stack = new AsyncDisposableStack();
const files: Record<string, string> = {};
let home: string;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let port: number;
let url: string;
let sources: ReturnType<typeof serveFiles>;
let api: ReturnType<typeof client>;
let undisturbed: string;

const settings = () => ({ port, home, SPLIT_SECONDS: "2", MIN_FREE_DISK: "0B", MAIN: "tests/support/dying-worker.ts" });
const order = () => ({ input_url: sources.url("film.mp4"), preset: "hls_tiny" });
const piecesOf = (jobId: unknown) => join(jobsFolder(home, port), String(jobId), "pieces");

beforeAll(async () => {
  sources = stack.use(serveFiles(files));
  port = await freePort();
  url = stack.use(await startControlplane([port])).url;
  api = client(url);
  files["film.mp4"] = await clip({ seconds });
  undisturbed = await contentUndisturbed(pieces);
});
afterAll(() => stack.disposeAsync());
beforeEach(async () => {
  folder = await temporaryFolder();
  home = folder.path;
});
afterEach(() => folder[Symbol.asyncDispose]());

/** What a job makes that nothing disturbs, in so many pieces. */
async function contentUndisturbed(encoded: number) {
  await using passing = await temporaryFolder();
  await using worker = await startWorker({ ...settings(), home: passing.path });
  const { job_id } = (await api.post(order())).body;
  const content = await completed(job_id);
  expect(encodedBy(worker)).toBe(encoded);
  return content;
}

async function completed(jobId: unknown) {
  const { output_url = "" } = await api.until(jobId, ({ status }) => status === "completed");
  return contentOf(fileURLToPath(output_url));
}

/** How many pieces a worker has begun to encode. */
const encodedBy = ({ said }: { said: readonly string[] }) => said.filter((line) => line === "before piece").length;

/** Kills a worker at a point; what it leaves on the disk may be changed before the next one takes it up. */
async function killedAt(point: string, change: (jobId: string) => Promise<unknown> = async () => {}) {
  const dying = await startWorker({ ...settings(), DIES: point });
  const jobId = String((await api.post(order())).body["job_id"]);
  expect(await dying.exited).toBe(137);
  await change(jobId);
  await using worker = await startWorker(settings());
  const content = await completed(jobId);
  await eventually(async () => (await leftIn(jobsFolder(home, port))).length === 0, "no job is left");
  return { content, encoded: encodedBy(worker) };
}

test.each(chosen(points, [0, 7, 10, 12, 18]))(
  "a worker that dies $point encodes no whole piece again",
  async ({ point, kept }) => {
    expect(await killedAt(point)).toEqual({ content: undisturbed, encoded: pieces - kept });
  },
);

/** A job of which this piece is being encoded, the first being 0, by a worker that nothing kills. */
async function encoding(at: number, patience = "0s") {
  const { MAIN: _, ...usual } = settings();
  const worker = await startWorker({ ...usual, DRAIN_TIMEOUT: patience });
  const jobId = String((await api.post(order())).body["job_id"]);
  try {
    await eventually(async () => (await filesIn(join(piecesOf(jobId), String(at)))).length > 0, "the piece is begun");
  } catch (error) {
    await worker[Symbol.asyncDispose]();
    throw error;
  }
  return { worker, jobId };
}

const signals = [0, 1, 2, 3, 4, 1, 3].map((at, index) => [at, index < 5 ? "SIGKILL" : "SIGTERM"] as const);

test.each(chosen([0, 1, 3], [1]))("a drain waits for piece %i, which is under way, and begins no other", async (at) => {
  const { worker: drained, jobId } = await encoding(at, "300s");
  drained.kill("SIGTERM");
  // It is to be started again: a job is left.
  expect(await drained.exited).toBe(75);
  const kept = (await filesIn(piecesOf(jobId))).filter((name) => name.endsWith(".json"));
  // A piece may end before the signal is there.
  expect([at + 1, at + 2]).toContain(kept.length);

  await using worker = await startWorker(settings());
  expect(await completed(jobId)).toBe(undisturbed);
  expect(encodedBy(worker)).toBe(pieces - kept.length);
});

test.each(chosen(signals, [2]))(
  "a worker that gets in the middle of piece %i a %s loses that alone",
  async (at, signal) => {
    const { worker: ended, jobId } = await encoding(at);
    ended.kill(signal);
    await ended.exited;
    const kept = (await filesIn(piecesOf(jobId))).filter((name) => name.endsWith(".json")).length;
    expect(kept).toBeGreaterThanOrEqual(at);

    await using worker = await startWorker(settings());
    expect(await completed(jobId)).toBe(undisturbed);
    expect(encodedBy(worker)).toBe(pieces - kept);
    await eventually(async () => (await leftIn(jobsFolder(home, port))).length === 0, "no job is left");
  },
);

test("a cancelled job leaves no piece", async () => {
  const { worker, jobId } = await encoding(2);
  await using _worker = worker;
  expect((await api.cancel(jobId)).status).toBe(202);
  await api.until(jobId, ({ status }) => status === "cancelled");
  await eventually(async () => (await leftIn(jobsFolder(home, port))).length === 0, "no job is left");
});

test.each(chosen([0, 2, 4], [1]))(
  "a disk that is full while piece %i is encoded fails the job for that, and nothing is left",
  async (at) => {
    await using disk = await smallDisk(join(home, `work-${port}`));
    if (!disk) return;
    const { worker, jobId } = await encoding(at);
    await using _worker = worker;
    await disk.fill();
    const { error } = await api.until(jobId, ({ status }) => status === "failed");
    expect(error).toMatchObject({ kind: "internal", message: expect.stringContaining("no room") });
    await disk.free();
    await eventually(async () => (await leftIn(jobsFolder(home, port))).length === 0, "no job is left");
  },
);

test("pieces of another source at the same address are not used", async () => {
  const first = files["film.mp4"] ?? "";
  files["film.mp4"] = await clip({ seconds, blackSeconds: 1 });
  try {
    const other = await contentUndisturbed(pieces);
    files["film.mp4"] = first;
    const made = await killedAt(isSettled.point, async (jobId) => {
      files["film.mp4"] = await clip({ seconds, blackSeconds: 1 });
      // As a restart of the machine makes it: the source is fetched again.
      await rm(join(jobsFolder(home, port), jobId, "source", "whole.json"));
    });
    expect(made).toEqual({ content: other, encoded: pieces });
    expect(other).not.toBe(undisturbed);
  } finally {
    files["film.mp4"] = first;
  }
});

testWithVmaf("a quality is aimed at once, and what was encoded for it is kept", async () => {
  await using dying = await startWorker({ ...settings(), DIES: isSettled.point });
  const jobId = (await api.post({ ...order(), quality: { vmaf: 90 } })).body["job_id"];
  expect(await dying.exited).toBe(137);
  expect(dying.said).toContain("before aim");
  await using worker = await startWorker(settings());
  await completed(jobId);
  expect(worker.said).not.toContain("before aim");
  expect(encodedBy(worker)).toBe(pieces - isSettled.kept);
});

const damages: Readonly<Record<string, (path: string, dir: string) => Promise<unknown>>> = {
  "is cut off": async (path) => truncate(path, Math.floor((await stat(path)).size / 2)),
  "is empty": (path) => truncate(path, 0),
  "is gone": (path) => rm(path),
  "has other bytes": async (path) => {
    const bytes = await readFile(path);
    await writeFile(path, bytes.fill(0, 1_000, 1_400));
  },
  "is another one": async (path, dir) => writeFile(path, await readFile(join(dir, "0", "0.1.mp4"))),
  "has no note": (_, dir) => rm(join(dir, "1.json")),
  "has a damaged note": (_, dir) => writeFile(join(dir, "1.json"), "{"),
  "is another rendition": async (path, dir) => writeFile(path, await readFile(join(dir, "1", "1.1.mp4"))),
};

test.each(chosen(Object.keys(damages), [3, 6]))("a piece that %s is encoded again, and no other", async (how) => {
  const made = await killedAt(isSettled.point, async (jobId) => {
    const dir = piecesOf(jobId);
    await damages[how]?.(join(dir, "1", "0.1.mp4"), dir);
  });
  expect(made).toEqual({ content: undisturbed, encoded: pieces - isSettled.kept + 1 });
});
