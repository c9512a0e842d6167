import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileHash } from "#shared/storage/file-hash.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { clip } from "#tests/support/clips.ts";
import { makeFolder } from "#tests/support/made-folders.ts";
import { anOrder } from "#tests/support/orders.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { boardAt, type PieceDone } from "#worker/pieces/board.ts";
import { boardKey, filmOf } from "#worker/pieces/board-plan.ts";
import { encodePiece } from "#worker/pieces/encode-piece.ts";
import type { PiecesProgress } from "#worker/pieces/encode-pieces.ts";
import { encodePieces } from "#worker/pieces/encode-pieces.ts";
import { openPieces } from "#worker/pieces/stored-pieces.ts";
import { plan } from "#worker/plan/decide.ts";
import { pieceFiles, piecesOf } from "#worker/plan/pieces.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { makeMeter } from "#worker/receipt/meter.ts";
import { encodeShared } from "#worker/run/encode-shared.ts";

const ffmpeg = await probeCapabilities().capabilities;
const seconds = 10;
const preset: Preset = {
  ...{ name: "tiny", description: "For tests", output_type: "single", extension: "mp4" },
  video: {
    ...{ codec: "h264", speed: "ultrafast", gop_seconds: 1 },
    renditions: [{ size: 90, crf: 35, maxrate: "300k", bufsize: "600k" }],
  },
};

/** A film in pieces of 2 s, and what each becomes on one worker. */
export async function aFilm(threads = 2) {
  const signal = new AbortController().signal;
  const input = await clip({ seconds, size: "160x90", rate: 24 });
  const source = await examine(input, { signal });
  const planned = plan(preset, source, { input, outputDir: "/", stem: "film" }, ffmpeg);
  const { film } = planned;
  if (!film) throw new Error("it has no pictures");
  const work = { film, source, input, threads, pieces: piecesOf(planned, source, 2) };
  const stored = await newPieces();
  await encodePieces(work, { stored, signal, stallMs: 60_000, onProgress() {} });
  return { work, alone: await hashesOf(stored, work.pieces.length, pieceFiles(film)) };
}

const newPieces = async (folder?: string) => {
  const path = folder ?? join(await makeFolder("flux-share-"), "pieces");
  await mkdir(path, { recursive: true });
  return openPieces(path, "key", new AbortController().signal);
};
const hashesOf = (stored: Awaited<ReturnType<typeof newPieces>>, count: number, names: readonly string[]) =>
  Promise.all(
    Array.from({ length: count }, (_, at) =>
      Promise.all(names.map((name) => fileHash(join(stored.dirOf(at), name), new AbortController().signal))),
    ),
  );

type Film = Awaited<ReturnType<typeof aFilm>>;
type Given = {
  storage?: Storage;
  /** Where an earlier owner of the same job has kept its pieces. */
  before?: { folder: string; jobId: string };
  /** The job that this one repeats. */
  retryOf?: string;
  maxAttempts?: number;
  staleMs?: number;
  /** Called before the owner encodes its next piece, with how many it has begun. */
  beforeOwn?(begun: number): Promise<unknown>;
};

/** The owner of a film, which shares it. */
export async function anOwner({ work }: Film, given: Given = {}) {
  const { maxAttempts = 3, staleMs = 60_000, beforeOwn } = given;
  const storage = given.storage ?? localStorage({ root: await makeFolder("flux-board-") });
  const order = anOrder({
    ...(given.before && { jobId: given.before.jobId }),
    ...(given.retryOf !== undefined && { retryOf: given.retryOf }),
  });
  const folder = given.before?.folder ?? join(await makeFolder("flux-share-"), "pieces");
  const stored = await newPieces(folder);
  const [end, stop] = [new AbortController(), new AbortController()];
  const signal = AbortSignal.any([end.signal, stop.signal]);
  const meter = makeMeter();
  const problems: string[] = [];
  const failures: unknown[] = [];
  let told: PiecesProgress | undefined;
  let begun = 0;
  const log = {
    info() {},
    warn(fields: object) {
      if ("problem" in fields) problems.push(String(fields.problem));
      if ("err" in fields) failures.push(fields.err);
    },
  };
  const options = {
    ...{ stored, signal, stallMs: 60_000 },
    onProgress(progress: PiecesProgress) {
      told = progress;
    },
    async step<T>(_name: string, encode: () => T | Promise<T>) {
      begun += 1;
      await Promise.race([beforeOwn?.(begun), new Promise((resolve) => signal.addEventListener("abort", resolve))]);
      return await encode();
    },
  };
  const film = { ...work, workers: 3, sourceHash: await fileHash(work.input, signal), preset, ffmpeg };
  const boards = {
    ...{ storage, prefix: ".flux/jobs", name: "owner", maxAttempts, log },
    ...{ now: Date.now, times: { lookMs: 20, staleMs, claimMs: 5_000 } },
  };
  const encoded = encodeShared({ order, meter, signal, stopSignal: stop.signal }, film, boards, options);
  encoded.catch(() => {});
  return {
    ...{ storage, encoded, problems, failures, meter, folder, jobId: order.jobId },
    board: boardAt(storage, ".flux/jobs", order.jobId),
    begun: () => begun,
    told: () => told,
    cancel: () => end.abort(new Error("cancelled")),
    drain: () => stop.abort(new Error("drained")),
    hashes: () => hashesOf(stored, work.pieces.length, pieceFiles(work.film)),
    left: () => Array.fromAsync(storage.list(".flux/jobs/pieces/", new AbortController().signal)),
  };
}

type Owner = Awaited<ReturnType<typeof anOwner>>;

/** Another worker, which does what it is told. */
export async function aHelper({ board }: Owner) {
  const signal = new AbortController().signal;
  const found = await board.plan(signal);
  if (!found || boardKey(found, ffmpeg) !== found.key) throw new Error("there is no board, or another key");
  const film = filmOf(found, ffmpeg);
  if (!film) throw new Error("it is no film");
  const folder = await makeFolder("flux-helper-");

  const encode = async (at: number) => {
    const input = join(folder, `${at}.cut`);
    const outputDir = join(folder, String(at));
    await mkdir(outputDir, { recursive: true });
    if (!(await board.fetchInput(at, input, signal, 2 ** 30))) throw new Error("there is no input");
    const piece = found.pieces[at] ?? { from: 0, to: 0 };
    const read = { film, source: found.probe, input, isCut: true, threads: found.threads };
    const report = await encodePiece(read, piece, outputDir, { signal, stallMs: 60_000, onTick() {} });
    if (!report) throw new Error("it cannot be encoded");
    return join(outputDir, pieceFiles(film)[0] ?? "");
  };
  return {
    id: found.board,
    encode,
    /** Takes a piece: whether it has it. */
    claim: (at: number, attempt = 1) => board.claim(at, attempt, "helper", signal),
    /** Uploads a file for a piece and says that it is done. */
    async finish(at: number, file: string, changes: Partial<PieceDone> = {}) {
      const { attempt = 1 } = changes;
      await board.putResult(at, attempt, 0, file, signal);
      const renditions = [{ bytes: Bun.file(file).size, sha256: await fileHash(file, signal) }];
      return board.finish(at, { attempt, worker: "helper", renditions, cpuSeconds: 1.5, ...changes }, signal);
    },
  };
}
