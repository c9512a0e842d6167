import { beforeAll, expect, test } from "bun:test";
import { chosen, pieceRig, pieces, timesOf } from "./piece-rig.ts";
import { smallDisk } from "./small-disk.ts";

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

const rig = pieceRig();
const { completed, encoding, killedAt, nothingLeft, notesOf } = rig;
let undisturbed: string;

beforeAll(async () => {
  undisturbed = await rig.undisturbed();
});

test.each(chosen(points, [0, 7, 10, 12, 18]))(
  "a worker that dies $point encodes no whole piece again",
  async ({ point, kept }) => {
    expect(await killedAt(point)).toEqual({ content: undisturbed, encoded: pieces - kept, heard: 0 });
  },
);

test.each(chosen([0, 1, 3], [1]))("a drain waits for piece %i, which is under way, and begins no other", async (at) => {
  const { worker: drained, jobId } = await encoding(at, { patience: "300s" });
  drained.kill("SIGTERM");
  // It is to be started again: a job is left.
  expect(await drained.exited).toBe(75);
  const kept = await notesOf(jobId);
  // A piece may end before the signal is there.
  expect([at + 1, at + 2]).toContain(kept.length);

  await using worker = await rig.startNext();
  expect(await completed(jobId)).toBe(undisturbed);
  expect(timesOf(worker, "before piece")).toBe(pieces - kept.length);
});

const signals = [0, 1, 2, 3, 4, 1, 3].map((at, index) => [at, index < 5 ? "SIGKILL" : "SIGTERM"] as const);

test.each(chosen(signals, [2]))(
  "a worker that gets in the middle of piece %i a %s loses that alone",
  async (at, signal) => {
    const { worker: ended, jobId } = await encoding(at);
    ended.kill(signal);
    await ended.exited;
    const kept = (await notesOf(jobId)).length;
    expect(kept).toBeGreaterThanOrEqual(at);

    await using worker = await rig.startNext();
    expect(await completed(jobId)).toBe(undisturbed);
    expect(timesOf(worker, "before piece")).toBe(pieces - kept);
    await nothingLeft();
  },
);

test("a cancelled job leaves no piece", async () => {
  const { worker, jobId } = await encoding(2);
  await using _worker = worker;
  expect((await rig.api().cancel(jobId)).status).toBe(202);
  await rig.api().until(jobId, ({ status }) => status === "cancelled");
  await nothingLeft();
});

test.each(chosen([0, 2, 4], [1]))(
  "a disk that is full while piece %i is encoded fails the job for that, and nothing is left",
  async (at) => {
    await using disk = await smallDisk(rig.workDir());
    if (!disk) return;
    const { worker, jobId } = await encoding(at);
    await using _worker = worker;
    await disk.fill();
    const { error } = await rig.api().until(jobId, ({ status }) => status === "failed");
    expect(error).toMatchObject({ kind: "internal", message: expect.stringContaining("no room") });
    await disk.free();
    await nothingLeft();
  },
);
