import { randomUUID } from "node:crypto";
import { linkedSignal } from "#shared/async/linked-signal.ts";
import { Fault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import type { Capabilities } from "#worker/ffmpeg/capabilities.ts";
import { type Spawn, spawnFor } from "#worker/ffmpeg/run.ts";
import type { Admit } from "#worker/jobs/admit.ts";
import { passingFolder } from "#worker/journal/durable.ts";
import type { Board } from "./board.ts";
import { claimPiece, holdClaim } from "./claim.ts";
import { encodeFromBoard } from "./encode-from-board.ts";
import { sharedFilm } from "./shared-film.ts";

/** A piece of the film of a job that another worker has. */
export type AskedPiece = {
  jobId: string;
  /** The id of the board. */
  board: string;
  /** The number of the piece, from 0. */
  piece: number;
};

type Helping = {
  /** Ends the work. */
  signal: AbortSignal;
  /** Called with how many pictures are encoded, and how many the piece has. */
  onProgress(frames: number, total: number): void;
};

/**
 * Encodes a piece for the worker that has the job, in a slot of its own. False when nobody needs it: it is encoded or
 * somebody's, enough workers encode the film, or the job has ended.
 */
export type HelpWithPiece = (asked: AskedPiece, helping: Helping) => Promise<boolean>;

export type HelpDeps = {
  /** The board of a job in this worker's own storage of records. */
  boardOf(jobId: string): Board;
  admit: Admit;
  /** Aborted when the worker stops. */
  stopSignal: AbortSignal;
  /** The worker's own folder. */
  workDir: string;
  spawn: Promise<Spawn>;
  ffmpeg: Promise<Capabilities>;
  stallMs: number;
  /** Larger cuts of sources are not fetched, in bytes. */
  maxInputBytes: number;
  /** How often a piece may be claimed. */
  maxAttempts: number;
  /** The worker's name, for people. */
  worker: string;
  log: Log;
};

/** No piece takes longer: ffmpeg may use as much CPU time as all cores have until then. */
const longestMs = 3_600_000;

export function makeHelpWithPiece({ admit, stopSignal, log, ...deps }: HelpDeps): HelpWithPiece {
  const help = async (asked: AskedPiece, { signal, onProgress }: Helping): Promise<boolean> => {
    const { piece: at } = asked;
    const board = deps.boardOf(asked.jobId);
    const { film, plan } = await sharedFilm(board, asked.board, await deps.ffmpeg, signal);
    const piece = plan.pieces[at];
    if (!piece) return false;
    const attempt = await claimPiece(board, at, plan.workers, { ...deps, signal });
    if (attempt === undefined) return false;
    const about = { job_id: asked.jobId, piece: at, attempt };
    log.info(about, "encoding a piece of another worker's job");
    await using claim = holdClaim(board, [at, attempt], log);
    await using folder = await passingFolder(deps.workDir, `piece-${randomUUID()}`);
    const spawn = spawnFor(await deps.spawn, { reads: [folder.path], longestMs });
    const work = { board, film, plan, piece, at, attempt, worker: deps.worker };
    const { stallMs, maxInputBytes } = deps;
    const isOurs = await encodeFromBoard(work, folder.path, { signal, spawn, stallMs, maxInputBytes, onProgress });
    if (isOurs) claim.keep();
    return isOurs;
  };

  return async (asked, { signal, onProgress }) => {
    using _admitted = admit();
    using limit = linkedSignal([signal, stopSignal], longestMs);
    try {
      return await help(asked, { signal: limit.signal, onProgress });
    } catch (error) {
      signal.throwIfAborted();
      if (stopSignal.aborted) throw new Fault("busy", "the worker stops", { cause: error });
      if (limit.signal.aborted) throw new Fault("timeout", "the piece took too long", { cause: error });
      throw error;
    }
  };
}
