import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { isFault } from "#shared/fault.ts";
import { fromJsonText } from "#shared/json-text.ts";
import { fileHash } from "#shared/storage/file-hash.ts";
import { inputAllowlist } from "#worker/ffmpeg/input-allowlist.ts";
import { run, runToEnd, type Spawn } from "#worker/ffmpeg/run.ts";
import { type Piece, pieceFiles } from "#worker/plan/pieces.ts";
import { secondsOfFrames } from "#worker/plan/rate.ts";
import type { Board, PieceDone } from "./board.ts";
import { showsSource } from "./compare-piece.ts";
import type { SplitFilm } from "./encode-piece.ts";
import { type PieceFile, readPieceFile } from "./piece-file.ts";

type Receiving = {
  board: Board;
  work: SplitFilm;
  /** How the pieces of this worker are set up, in the order of the renditions. */
  alike: readonly PieceFile[];
  signal: AbortSignal;
  spawn?: Spawn | undefined;
};

/** 200 Mbit/s, and something for the index. */
const mostBytesOf = (seconds: number) => Math.ceil(seconds * 25e6) + 16 * 2 ** 20;
const longestMs = 60_000;

/**
 * Fetches what another worker has made of a piece into an empty folder. Returns what is wrong with it, undefined when it
 * is what this worker would have made as far as that can be told without decoding all of it: its size and hash, its index,
 * how its decoder is set up, each of its packets, and a picture. Throws what the storage throws.
 */
export async function receivePiece(
  at: number,
  piece: Piece,
  { attempt, renditions }: PieceDone,
  folder: string,
  { board, work, alike, signal, spawn = run }: Receiving,
): Promise<string | undefined> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const { film } = work;
  const names = pieceFiles(film);
  if (renditions.length !== names.length) return `it has ${renditions.length} of ${names.length} renditions`;
  const frames = piece.to - piece.from;
  const mostBytes = mostBytesOf(secondsOfFrames(frames, film.rate));
  for (const [rendition, { bytes, sha256 }] of renditions.entries()) {
    const file = join(folder, names[rendition] ?? "");
    if (bytes > mostBytes) return "it is larger than any piece";
    const fetched = await fetchAtMost(() => board.fetchResult([at, attempt, rendition], file, signal, bytes));
    if (fetched !== bytes) return "its size is not the one that was told";
    if ((await fileHash(file, signal)) !== sha256) return "its SHA-256 is not the one that was told";
    const problem = await problemIn(file, frames, alike[rendition], signal, spawn);
    if (problem) return problem;
  }
  const files = names.map((name) => join(folder, name));
  const isOfSource = await showsSource(work, piece, files, { signal, spawn });
  return isOfSource ? undefined : "its pictures are not those of the source";
}

async function fetchAtMost(fetch: () => Promise<{ bytes: number } | undefined>): Promise<number | undefined> {
  try {
    return (await fetch())?.bytes;
  } catch (error) {
    if (isFault(error, "too_large")) return undefined;
    throw error;
  }
}

async function problemIn(
  file: string,
  frames: number,
  alike: PieceFile | undefined,
  signal: AbortSignal,
  spawn: Spawn,
): Promise<string | undefined> {
  const found = await readPieceFile(file).catch(() => undefined);
  if (!found) return "its index is damaged";
  if (found.frames !== frames) return `it has ${found.frames} of ${frames} pictures`;
  if (found.config !== alike?.config) return "it is set up otherwise than the pieces of this worker";
  const packets = await packetsIn(file, signal, spawn);
  return packets === frames ? undefined : "not all of its packets can be read";
}

const Counted = v.object({
  streams: v.tuple([v.object({ codec_type: v.literal("video"), nb_read_packets: v.string() })]),
});

/** How many packets its one stream has; undefined where they cannot be read without a complaint. */
async function packetsIn(file: string, signal: AbortSignal, spawn: Spawn): Promise<number | undefined> {
  const query = ["-v", "error", "-count_packets", "-show_entries", "stream=codec_type,nb_read_packets", "-of", "json"];
  const argv = ["ffprobe", ...inputAllowlist, ...query, file] as const;
  const { stdout, ended } = await runToEnd(spawn, { argv, reads: [file], longestMs, signal });
  if (ended.exitCode !== 0 || ended.lastLines.length > 0) return undefined;
  const [stream] = fromJsonText(Counted, stdout.toString())?.streams ?? [];
  return stream && Number(stream.nb_read_packets);
}
