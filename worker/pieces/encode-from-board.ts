import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "#shared/fault.ts";
import { fileHash } from "#shared/storage/file-hash.ts";
import { watchFreeSpace } from "#worker/disk-space.ts";
import type { Spawn } from "#worker/ffmpeg/run.ts";
import type { Film } from "#worker/plan/film.ts";
import { type Piece, pieceFiles } from "#worker/plan/pieces.ts";
import { makeMeter } from "#worker/receipt/meter.ts";
import type { Board } from "./board.ts";
import type { BoardPlan } from "./board-plan.ts";
import { encodePiece } from "./encode-piece.ts";
import { readPieceFile } from "./piece-file.ts";

/** A piece that this worker has claimed. */
type ClaimedPiece = {
  board: Board;
  film: Film;
  plan: BoardPlan;
  piece: Piece;
  /** Its number, from 0. */
  at: number;
  /** The number of the claim, from 1. */
  attempt: number;
  worker: string;
};

type Options = {
  signal: AbortSignal;
  spawn: Spawn;
  stallMs: number;
  /** What is cut for a piece is smaller than any source that is taken. */
  maxInputBytes: number;
  onProgress(frames: number, total: number): void;
};

/** Encodes a piece in a folder and uploads it. False when the job has ended meanwhile, or another was first. */
export async function encodeFromBoard(
  { board, film, plan, piece, at, attempt, worker }: ClaimedPiece,
  folder: string,
  { signal, spawn, stallMs, maxInputBytes, onProgress }: Options,
): Promise<boolean> {
  const input = join(folder, "input");
  const outputDir = join(folder, "output");
  await mkdir(outputDir);
  using space = watchFreeSpace(folder, "a piece of a film");
  if (!(await board.fetchInput(at, input, signal, maxInputBytes))) return false;

  const total = piece.to - piece.from;
  const meter = makeMeter();
  const read = { film, source: plan.probe, input, isCut: true, threads: plan.threads };
  const onTick = ({ frame }: { frame: number }) => onProgress(Math.min(frame, total), total);
  onProgress(0, total);
  const report = await encodePiece(read, piece, outputDir, { signal, stallMs, spawn: meter.spawn(spawn), onTick });
  await space.check();
  const files = pieceFiles(film).map((name) => join(outputDir, name));
  if (!report || !(await areWhole(files, total))) throw new Fault("encode_failed", "the piece cannot be encoded alone");

  for (const [rendition, file] of files.entries()) await board.putResult(at, attempt, rendition, file, signal);
  const renditions = await Promise.all(
    files.map(async (file) => ({ bytes: (await stat(file)).size, sha256: await fileHash(file, signal) })),
  );
  const done = { attempt, worker, renditions, cpuSeconds: meter.usage().cpuSeconds };
  // Who ends the job says so before anything is removed: what came after that would stay for ever.
  const isWanted = !(await board.isEnded(signal)) && (await board.finish(at, done, signal));
  if (!isWanted || (await board.isEnded(signal))) {
    await board.removeResults(at, attempt, files.length, signal);
    return false;
  }
  return true;
}

async function areWhole(files: readonly string[], frames: number): Promise<boolean> {
  const found = await Promise.all(files.map((file) => readPieceFile(file).catch(() => undefined)));
  return found.every((file) => file?.frames === frames);
}
