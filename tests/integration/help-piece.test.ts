import { afterAll, beforeAll, expect, test } from "bun:test";
import { randomUUID } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { makeSemaphore } from "#shared/async/semaphore.ts";
import { makeLog } from "#shared/log.ts";
import { fileHash } from "#shared/storage/file-hash.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { rejection } from "#tests/support/outcome.ts";
import { eventually, temporaryFolder } from "#tests/support/service.ts";
import { type Capabilities, probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { type Command, run } from "#worker/ffmpeg/run.ts";
import { makeAdmit } from "#worker/jobs/admit.ts";
import { boardAt } from "#worker/pieces/board.ts";
import { boardKey, filmOf } from "#worker/pieces/board-plan.ts";
import { presetToJson } from "#worker/pieces/board-preset.ts";
import { probeToJson } from "#worker/pieces/board-probe.ts";
import { claimPiece } from "#worker/pieces/claim.ts";
import { encodePiece } from "#worker/pieces/encode-piece.ts";
import { makeHelpWithPiece } from "#worker/pieces/help.ts";
import { cutArgs } from "#worker/plan/piece-cut.ts";
import { pieceFiles } from "#worker/plan/pieces.ts";
import { parsePresets } from "#worker/presets/parse.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { isFilmPreset } from "#worker/quality/sample-preset.ts";

const jobId = "job-1";
const signal = new AbortController().signal;
const log = makeLog("test", { level: "silent" });
const presetOf = (speed: string) =>
  parsePresets(
    `name: mine\ndescription: Mine\nvideo:\n  codec: h264\n  speed: ${speed}\n  gop_seconds: 1\n  renditions: [{ size: 90, crf: 30, maxrate: 500k, bufsize: 1000k }]\n`,
    "mine.yaml",
  ).presets[0];

const stack = new AsyncDisposableStack();
/** A film of 6 s, as its owner lays it onto a board in three pieces, of which it has the last. */
let film: Awaited<ReturnType<typeof makeFilm>>;
async function makeFilm() {
  const input = await clip({ seconds: 6, rate: 24, channels: 0 });
  const ffmpeg = await probeCapabilities().capabilities;
  const probe = await examine(input, { signal });
  const preset = presetOf("ultrafast");
  if (!preset) throw new Error("it is a preset");
  const pieces = [0, 1, 2].map((at) => ({ from: at * 48, to: at * 48 + 48 }));
  const made = { preset, probe, pieces, source: await fileHash(input, signal), threads: 1 };
  const planned = filmOf(made, ffmpeg);
  if (!planned) throw new Error("it can be cut");
  const folder = stack.use(await temporaryFolder()).path;
  const cuts = [0, 1].map((at) => join(folder, String(at)));
  for (const [at, cut] of cuts.entries())
    await runFfmpeg(cutArgs(planned, probe, { input }, { from: at * 48, to: at * 48 + 48 }, cut));
  return { input, ffmpeg, film: planned, probe, pieces, made, cuts };
}

let home: string;
beforeAll(async () => {
  film = await makeFilm();
  home = stack.use(await temporaryFolder()).path;
});
afterAll(() => stack.disposeAsync());

const jsonOf = ({ preset, probe }: { preset: Preset | undefined; probe: Probe }) => {
  if (!preset || !isFilmPreset(preset)) throw new Error("it is a film");
  return { preset: presetToJson(preset), probe: probeToJson(probe) };
};

type Given = {
  of?: object;
  ffmpeg?: Capabilities;
  maxInputBytes?: number;
  /** Where the worker looks for boards. Default: where this one is. */
  reads?: { root?: string; prefix?: string };
};

/** A board with this film, and a worker of two slots that reads it. */
async function boardWith({ of = {}, ffmpeg = film.ffmpeg, maxInputBytes = 2 ** 30, reads = {} }: Given = {}) {
  const root = join(home, randomUUID());
  const workDir = join(root, "work");
  await mkdir(workDir, { recursive: true });
  const storage = join(root, "records");
  const board = boardAt(localStorage({ root: storage }), "records", jobId);
  const read = { root: storage, prefix: "records", ...reads };
  const boardOf = (id: string) => boardAt(localStorage({ root: read.root }), read.prefix, id);
  const id = randomUUID();
  const plan = { version: 1, board: id, ...film.made, key: boardKey(film.made, film.ffmpeg), workers: 3, createdAt: 1 };
  await board.create(JSON.stringify({ ...plan, ...jsonOf(film.made), ...of }), signal);
  for (const [piece, cut] of film.cuts.entries()) await board.putInput(piece, cut, signal);
  const slots = makeSemaphore(2);
  const stop = new AbortController();
  const commands: Command[] = [];
  const spawn = Promise.resolve((command: Command) => {
    commands.push(command);
    return run(command);
  });
  const registry = { isDraining: false, occupy: () => () => {} };
  const help = makeHelpWithPiece({
    ...{ boardOf, admit: makeAdmit({ registry, slots }), stopSignal: stop.signal, workDir, spawn },
    ...{ ffmpeg: Promise.resolve(ffmpeg), stallMs: 60_000, maxInputBytes, maxAttempts: 3, worker: "helper", log },
  });
  return {
    ...{ board, id, slots, commands, registry },
    stop: () => stop.abort(),
    help: (piece = 1, asked = id, ending = signal) =>
      help({ jobId, board: asked, piece }, { signal: ending, onProgress() {} }),
    left: () => readdir(workDir),
    keys: async () => (await readdir(join(storage, "records/pieces", jobId))).sort(),
  };
}

test("a helper encodes a piece picture by picture as its owner would, and leaves nothing with itself", async () => {
  const { board, help, left, slots, commands } = await boardWith();
  expect(await help()).toBe(true);
  const done = await board.done(1, signal);
  expect(done).toMatchObject({ attempt: 1, worker: "helper" });
  expect(done?.cpuSeconds).toBeGreaterThan(0);
  const theirs = join(home, "theirs.mp4");
  await board.fetchResult([1, 1, 0], theirs, signal, 1_000_000);
  expect(done?.renditions).toEqual([{ bytes: Bun.file(theirs).size, sha256: await fileHash(theirs, signal) }]);
  const [ours = ""] = pieceFiles(film.film).map((name) => join(home, name));
  const own = { film: film.film, source: film.probe, input: film.input, threads: 1 };
  await encodePiece(own, { from: 48, to: 96 }, home, { signal, stallMs: 60_000, onTick() {} });
  expect(await picturesOf(theirs)).toEqual(await picturesOf(ours));
  expect(await left()).toEqual([]);
  expect(slots.inUse).toBe(0);
  // Each is confined to the piece's folder, and to a time.
  expect(commands.every(({ longestMs, writes = [] }) => longestMs === 3_600_000 && writes.length === 1)).toBe(true);
  expect(await help()).toBe(false);
});

async function picturesOf(file: string): Promise<string[]> {
  const text = await Bun.$`ffmpeg -v error -i ${file} -f framemd5 -`.text();
  return text.split("\n").filter((line) => line.startsWith("0,"));
}

test("a cut that is larger than any source that is taken is not fetched", async () => {
  const { help, keys, commands } = await boardWith({ maxInputBytes: 1_000 });
  expect(await rejection(help())).toMatchObject({ kind: "too_large" });
  expect(commands).toEqual([]);
  expect(await keys()).not.toContain("0.done.json");
});

test("what is on the board is held against the helper's own plan, and a worker of other records finds none", async () => {
  const { help, keys, slots, registry } = await boardWith();
  expect(await rejection(help(1, randomUUID()))).toMatchObject({ kind: "conflict" });
  const elsewhere = join(home, "elsewhere");
  const newer = { ...film.ffmpeg, version: { ...film.ffmpeg.version, text: "99.0" } };
  const others = [
    { of: jsonOf({ preset: presetOf("slow"), probe: film.probe }) },
    { of: { threads: 2 } },
    { of: { pieces: [film.pieces[0], { from: 48, to: 144 }] } },
    { of: { probe: { ...Object(probeToJson(film.probe)), format: "matroska,webm -i /etc/passwd" } } },
    { ffmpeg: newer },
    { reads: { root: elsewhere } },
    { reads: { prefix: "records-of-others" } },
  ];
  for (const other of others) {
    const unlike = await boardWith(other);
    expect(await rejection(unlike.help())).toMatchObject({ kind: "conflict" });
    expect(await unlike.keys()).toEqual(["0.input", "1.input", "plan.json"]);
    expect(unlike.commands).toEqual([]);
    expect(await unlike.left()).toEqual([]);
  }
  expect(await readdir(elsewhere).catch(() => [])).toEqual([]);
  expect(await keys()).toEqual(["0.input", "1.input", "plan.json"]);
  registry.isDraining = true;
  expect(await rejection(help())).toMatchObject({ kind: "busy" });
  expect(slots.inUse).toBe(0);
});

test("a piece that is not open, an ended job and a piece too many get nothing", async () => {
  const { board, help, keys } = await boardWith();
  expect([await help(2), await help(9)]).toEqual([false, false]);
  await board.end(1, signal);
  expect(await help()).toBe(false);
  expect(await keys()).toEqual(["0.input", "1.input", "ended.json", "plan.json"]);
});

test("a call that is closed ends its encode, and gives the piece to the next", async () => {
  const { help, board, left, slots, stop, commands } = await boardWith();
  const closing = new AbortController();
  const helping = rejection(help(1, undefined, closing.signal));
  await eventually(() => commands.length > 0, "it encodes");
  closing.abort(new Error("nobody listens"));
  expect(await helping).toMatchObject({ message: "nobody listens" });
  expect([slots.inUse, (await left()).length, await board.lastBeat(1, 1, signal)]).toEqual([0, 0, "lost"]);
  expect(await help()).toBe(true);
  expect(await board.done(1, signal)).toMatchObject({ attempt: 2 });
  const stopped = rejection(help(0));
  stop();
  expect(await stopped).toMatchObject({ kind: "busy" });
});

test("a claim that shows signs of life keeps others out, one that does not is followed by the next, at most so often", async () => {
  const { board } = await boardWith();
  const claim = (look: () => Promise<unknown> = async () => {}) => {
    const lastBeat: typeof board.lastBeat = async (...of) => {
      const beat = await board.lastBeat(...of);
      await look();
      return beat;
    };
    const claiming = { worker: "another", maxAttempts: 3, signal, lookMs: 1 };
    return claimPiece({ ...board, lastBeat }, 1, 3, claiming);
  };
  expect(await claim()).toBe(1);
  let beats = 0;
  const beating = () => board.beat(1, 1, String(++beats), signal);
  expect(await claim(beating)).toBeUndefined();
  expect([await claim(), await claim(), await claim()]).toEqual([2, 3, undefined]);
});
