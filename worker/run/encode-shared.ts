import * as v from "valibot";
import { jobFields, type Log } from "#shared/log.ts";
import { canDecide, type Storage } from "#shared/storage/storage.ts";
import type { Capabilities } from "#worker/ffmpeg/capabilities.ts";
import { run } from "#worker/ffmpeg/run.ts";
import type { Job } from "#worker/job/job.ts";
import { type Board, boardAt } from "#worker/pieces/board.ts";
import { BoardPlan, boardArgs, boardKey, filmOf } from "#worker/pieces/board-plan.ts";
import { presetToJson } from "#worker/pieces/board-preset.ts";
import { probeToJson } from "#worker/pieces/board-probe.ts";
import { canCutExactly, cutSource, isCutAlike } from "#worker/pieces/cut-source.ts";
import type { SplitFilm } from "#worker/pieces/encode-piece.ts";
import type { PiecesOptions } from "#worker/pieces/encode-pieces.ts";
import type { EncodedPieces } from "#worker/pieces/join-pieces.ts";
import { sharePieces } from "#worker/pieces/share-pieces.ts";
import type { SharingRules } from "#worker/pieces/sharing.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { isFilmPreset } from "#worker/quality/sample-preset.ts";

/** Where boards are, and how a worker uses them. */
export type SharedBoards = {
  /** The storage of records. */
  storage: Storage;
  /** The folder of the records. */
  prefix: string;
  /** The name of this worker. */
  name: string;
} & Pick<SharingRules, "maxAttempts" | "times"> & {
    now(): number;
    log: Pick<Log, "info" | "warn">;
  };

type SharedFilm = SplitFilm & {
  workers: number;
  /** The SHA-256 of the source. */
  sourceHash: string;
  preset: Preset;
  ffmpeg: Capabilities;
};

/** How long the end of a job waits until its board is gone; what is left then is swept. */
const cleanUpMs = 20_000;

/** As `sharePieces`, with a board that goes when the pieces are there, or the job will not go on. */
export async function encodeShared(
  { order, meter, signal, stopSignal }: Pick<Job, "order" | "meter" | "signal" | "stopSignal">,
  film: SharedFilm,
  { storage, prefix, name, maxAttempts, times, now, log }: SharedBoards,
  options: PiecesOptions,
): Promise<EncodedPieces | undefined> {
  const board = boardAt(meter.storage(storage), prefix, order.jobId);
  const fields = jobFields(order);
  const { stored, spawn = run } = options;
  const cutting = { folder: stored.folder, longestMs: order.timeoutMs, signal, spawn };
  const formerOf = (jobId: string) => {
    const former = boardAt(meter.storage(storage), prefix, jobId);
    return {
      board: former,
      isAlike: async (asking: AbortSignal) => {
        const key = planOf(film, now())?.key;
        return key !== undefined && (await former.plan(asking))?.key === key;
      },
      taken: (piece: number, worker: string) =>
        log.info({ ...fields, piece, worker, retry_of: jobId }, "a piece of the job that this one repeats is used"),
    };
  };
  let isAlike: boolean | undefined;
  let hasFailed = false;
  const rules: SharingRules = {
    ...{ board, workers: film.workers, name, maxAttempts },
    ...(times && { times }),
    ...(order.retryOf && { former: formerOf(order.retryOf) }),
    async open(opening) {
      const id = await openBoard(board, film, { storage, prefix, now }, opening);
      if (id === undefined) log.info(fields, "this film is not shared: others could not make the same pieces of it");
      return id;
    },
    async cut(at, file) {
      const piece = film.pieces[at];
      if (!piece || !(await cutSource(film, piece, file, cutting))) return false;
      isAlike ??= await isCutAlike(film, file, cutting);
      return isAlike;
    },
    received(piece, { worker, cpuSeconds }, problem) {
      const of = { ...fields, piece, worker };
      if (problem !== undefined) return log.warn({ ...of, problem }, "a piece of another worker is not used");
      meter.helped(cpuSeconds);
      log.info({ ...of, cpuSeconds }, "another worker has encoded a piece");
    },
    failed(err) {
      // It is asked again every few seconds.
      if (!hasFailed) log.warn({ ...fields, err }, "the board of pieces cannot be used now; going on without");
      hasFailed = true;
    },
  };
  try {
    return await sharePieces(film, rules, options);
  } finally {
    // After a drain the next attempt goes on with it.
    if (!stopSignal.aborted) await clear(board, now()).catch(rules.failed);
  }
}

async function clear(board: Board, endedAt: number) {
  const signal = AbortSignal.timeout(cleanUpMs);
  if (!(await board.isThere(signal))) return;
  await board.end(endedAt, signal);
  await board.remove(signal);
}

/** Makes the board of a film, or finds the one of an earlier attempt: its id. Undefined where this film is not shared. */
async function openBoard(
  board: Board,
  film: SharedFilm,
  { storage, prefix, now }: Pick<SharedBoards, "storage" | "prefix" | "now">,
  signal: AbortSignal,
): Promise<string | undefined> {
  const plan = planOf(film, now());
  if (!plan || !(await canDecide(storage, `${prefix}/`, signal)) || (await board.isEnded(signal))) return undefined;
  if (await board.create(JSON.stringify(plan), signal)) return plan.board;
  const found = await board.plan(signal);
  return found && found.key === plan.key ? found.board : undefined;
}

/** The JSON of a plan of which others make the very same pieces; undefined where that cannot be. */
function planOf({ preset, source, pieces, threads = 1, workers, ffmpeg, ...film }: SharedFilm, createdAt: number) {
  if (!canCutExactly(source) || !isFilmPreset(preset)) return undefined;
  const json = {
    ...{ version: 1, board: crypto.randomUUID(), key: "0".repeat(64), source: film.sourceHash },
    ...{ preset: presetToJson(preset), probe: probeToJson(source), threads, pieces, workers, createdAt },
  };
  const { success, output } = v.safeParse(BoardPlan, json);
  if (!success) return undefined;
  const theirs = filmOf(output, ffmpeg);
  const args = theirs && JSON.stringify(boardArgs(theirs, output));
  if (args !== JSON.stringify(boardArgs(film.film, { probe: source, pieces: [...pieces], threads }))) return undefined;
  return { ...json, board: output.board, key: boardKey(output, ffmpeg) };
}
