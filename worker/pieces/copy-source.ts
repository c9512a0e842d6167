import { rm } from "node:fs/promises";
import { join } from "node:path";
import { run, runToEnd } from "#worker/ffmpeg/run.ts";
import { packetsOf } from "#worker/ffmpeg/source-packets.ts";
import type { StreamPackets } from "#worker/ffmpeg/stream-packets.ts";
import { copyArgs } from "#worker/plan/piece-copy.ts";
import type { Reference } from "#worker/plan/reference.ts";
import { isReadFromCopy } from "#worker/plan/uncut.ts";
import type { SplitFilm } from "./encode-piece.ts";
import type { PiecesOptions } from "./encode-pieces.ts";

type Copying = Pick<PiecesOptions, "stored" | "signal" | "spawn" | "stallMs" | "onProblem">;

/**
 * Encodes a film with something to read its pieces from: the source or, where no moment is found in that, a copy of its
 * pictures beside the pieces. `also` are the sounds that one encode reads with the pictures. Undefined where no copy has
 * these at the very same times.
 */
export async function withReadableSource<T>(
  work: SplitFilm,
  also: Reference["also"],
  copying: Copying,
  encode: (work: SplitFilm) => Promise<T | undefined>,
): Promise<T | undefined> {
  if (!work.isCopy) return encode(work);
  const input = join(copying.stored.folder, "pictures.copy");
  try {
    if (await isCopied(work, also, input, copying)) return await encode({ ...work, input });
    copying.onProblem?.("no copy of its pictures has the very times of the source");
    return undefined;
  } finally {
    await rm(input, { force: true });
  }
}

/** What has to be known of a film's source for the arguments of its pieces. */
export const sourceOf = (work: Pick<SplitFilm, "source" | "input">): Pick<SplitFilm, "source" | "input" | "isCopy"> =>
  // What ffmpeg must be told before it reads the source is no matter of the copy.
  isReadFromCopy(work.source) ? { ...work, isCopy: true } : work;

async function isCopied(
  { film, source, input }: SplitFilm,
  also: Reference["also"],
  output: string,
  { stored, signal, spawn = run, stallMs }: Copying,
): Promise<boolean> {
  const argv = ["ffmpeg", ...copyArgs(film, source, { input }, also, output)] as const;
  const { ended } = await runToEnd(spawn, { argv, reads: [input], writes: [stored.folder], signal });
  if (ended.exitCode !== 0) return false;
  const reading = { signal, spawn, stallMs };
  const copied = (await packetsOf(output, { inputOptions: ["-copyts"] }, reading)).streams.get(0);
  return copied !== undefined && film.video.packets !== undefined && isSame(copied, film.video.packets);
}

/** Less than a tick of any clock. */
const sameSeconds = 5e-6;

function isSame(one: StreamPackets, other: StreamPackets): boolean {
  const counts = ({ count, undecodable, keyframes }: StreamPackets) => [count, undecodable, keyframes.length];
  const times = ({
    startSeconds,
    lastSeconds,
    shortInterval,
    meanInterval,
    longestInterval,
    keyframes,
  }: StreamPackets) => [startSeconds, lastSeconds, shortInterval, meanInterval, longestInterval, ...keyframes];
  const expected = times(other);
  return (
    counts(one).join() === counts(other).join() &&
    times(one).every((seconds, at) => Math.abs(seconds - (expected[at] ?? Number.NaN)) < sameSeconds)
  );
}
