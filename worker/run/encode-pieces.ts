import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import type { Order } from "#shared/job/order.ts";
import { fileHash } from "#shared/storage/file-hash.ts";
import { watchFreeSpace } from "#worker/disk-space.ts";
import type { Capabilities } from "#worker/ffmpeg/capabilities.ts";
import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { type Spawn, spawnFor } from "#worker/ffmpeg/run.ts";
import type { Job } from "#worker/job/job.ts";
import type { Reporter } from "#worker/job/reporter.ts";
import { sourceOf, withReadableSource } from "#worker/pieces/copy-source.ts";
import type { SplitFilm } from "#worker/pieces/encode-piece.ts";
import { encodePieces, type PiecesProgress } from "#worker/pieces/encode-pieces.ts";
import type { EncodedPieces } from "#worker/pieces/join-pieces.ts";
import { hasRoom } from "#worker/pieces/room.ts";
import { openPieces } from "#worker/pieces/stored-pieces.ts";
import type { SoundPlan } from "#worker/plan/encoded-sound.ts";
import type { Film } from "#worker/plan/film.ts";
import { pieceArgs, piecesOf, whyWhole } from "#worker/plan/pieces.ts";
import type { Encoded, Plan } from "#worker/plan/plan.ts";
import { secondsOfFrames } from "#worker/plan/rate.ts";
import { sharedSeconds } from "#worker/plan/shared-seconds.ts";
import type { Preset } from "#worker/presets/schema.ts";
import type { SourceHash } from "#worker/source/source-hash.ts";
import { makeAverage, piecesProgress } from "./encode-progress.ts";
import { encodeShared, type SharedBoards } from "./encode-shared.ts";

/** How the pictures of a film are encoded in pieces. */
export type Splitting = {
  /** About how long a piece is; undefined where all is one encode. */
  seconds: number | undefined;
  source: Probe;
  /** The path of the source. */
  input: string;
  sourceHash: SourceHash;
  /** What the pieces are encoded by: those of another ffmpeg are not used. */
  preset: Preset;
  ffmpeg: Capabilities;
  /** Where other workers find pieces; undefined where this one shares none. */
  shared?: SharedBoards | undefined;
  /** The plan that puts together what is encoded already. */
  planWith(encoded: Encoded): Plan;
};

type Options = { stallMs: number; spawn: Spawn };

/** About how long the pieces of a film are, by the preset or as usual: what is shown while it is encoded has none. */
export function splitSecondsFor(
  { output, workers = 1 }: Order,
  preset: Preset,
  usual: number | undefined,
  { durationSeconds }: Pick<Plan, "durationSeconds">,
) {
  if (output.publish === "progressive" || "ffmpeg_args" in preset) return undefined;
  return preset.split_seconds ?? usual ?? (workers > 1 ? sharedSeconds(durationSeconds, workers) : undefined);
}

/**
 * Encodes the pictures of a film in pieces, and keeps each for the attempts that may follow. Undefined where they are
 * encoded together: nothing asks for pieces, or they would not give what one encode gives.
 */
export async function encodeInPieces(
  job: Job,
  reporter: Reporter,
  planned: Plan,
  { seconds, source, input, preset, ffmpeg, shared, ...splitting }: Splitting,
  { spawn, stallMs }: Options,
): Promise<EncodedPieces | undefined> {
  const { journal, order, signal, step, stopIfLeaving } = job;
  const { film } = planned;
  if (seconds === undefined || !film) return undefined;
  const pieces = piecesOf(planned, source, seconds);
  const inOne = (why: string | undefined): undefined => {
    if (why !== undefined) reporter.report({ status: "processing", message: `Encoding in one piece: ${why}` });
  };
  if (pieces.length === 0) return inOne(whyWhole(planned, source, seconds));
  const workers = shared ? (order.workers ?? 1) : 1;
  // What several machines make must not depend on how many cores each of them has.
  const threads = workers > 1 ? availableParallelism() : undefined;
  const work = { film, pieces, threads, ...sourceOf({ source, input }) };
  const sourceHash = await splitting.sourceHash();
  const laidOver = await Promise.all(laidOverFiles(film).map((path) => fileHash(path, signal)));
  // Who encodes all by itself is no quicker when the sound comes first.
  const sound = workers > 1 ? planned.sound : undefined;
  const key = keyOf({ ...work, sound }, ffmpeg, [sourceHash, ...laidOver]);
  const stored = await openPieces(journal.piecesDir, key, signal);
  if (await stored.isRefused()) return undefined;
  using space = watchFreeSpace(journal.piecesDir, "the pieces of the output");
  const confined = spawnFor(spawn, { reads: [journal.piecesDir], longestMs: order.timeoutMs });
  let problem = "";
  const options = {
    ...{ stored, step, sound, signal, stallMs, spawn: confined, logFile: journal.logFile },
    onProgress: progressOf(film, job, reporter),
    onProblem: (words: string) => {
      problem = words;
    },
    beforePiece: stopIfLeaving,
    hasRoom: (isThere: (at: number) => boolean) => hasRoom({ film, pieces, stored }, isThere),
  };
  const encoded = await withReadableSource(work, planned.reference?.also ?? [], options, (readable) =>
    shared && workers > 1
      ? encodeShared(job, { ...readable, workers, sourceHash, preset, ffmpeg }, shared, options)
      : encodePieces(readable, options),
  );
  if (encoded) return encoded;
  await space.check();
  await stored.refuse();
  return inOne(problem);
}

/** Tells how far the pieces of a film are, and counts what is encoded. */
function progressOf(film: Film, { meter }: Job, { report }: Reporter) {
  const average = makeAverage();
  let before: number | undefined;
  return (progress: PiecesProgress) => {
    // What earlier attempts have encoded was counted by them, but for what a crash came too soon after.
    if (before === undefined) meter.isEncoded(secondsOfFrames(progress.frame, film.rate));
    before ??= progress.frame;
    meter.encoded(secondsOfFrames(progress.frame - before, film.rate));
    // What is done with all of them is told by who does it.
    if (progress.done < progress.total) report(piecesProgress(progress, film, average(progress.frame)));
  };
}

/** What one encode of all would tell, of pieces and of what has joined them. */
export const withPieces = (joined: EncodeReport, { report }: EncodedPieces): EncodeReport => ({
  ...joined,
  ...report,
  read: new Map([...joined.read, ...report.read]),
  written: [...report.written, ...joined.written],
  mixedPeak: report.mixedPeak ?? joined.mixedPeak,
  libraries: { ...joined.libraries, ...report.libraries },
});

/** What is laid over the pictures, or drawn into them, is fetched by each attempt, and may be another one by then. */
const laidOverFiles = ({ video: { overlays, burned } }: Film): string[] => [
  ...(overlays?.all ?? []).map(({ path }) => path),
  ...(burned ? Object.values(burned.scripts) : []),
];

/** Tells what pieces are made of, and how: what is read, ffmpeg, and each of its arguments. */
function keyOf(
  { sound, ...work }: SplitFilm & { sound: SoundPlan | undefined },
  { version }: Capabilities,
  hashes: readonly string[],
): string {
  const args = work.pieces.map((piece) => pieceArgs(work.film, work.source, { ...work, input: "{source}" }, piece));
  const hash = createHash("sha256");
  const heard = sound ? [sound.args.map((arg) => (arg === work.input ? "{source}" : arg))] : [];
  return hash.update(JSON.stringify([version.text, hashes, args, ...heard])).digest("hex");
}
