import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isFault } from "#shared/fault.ts";
import { type EncodeOptions, encode } from "#worker/ffmpeg/encode.ts";
import { makeReport } from "#worker/ffmpeg/encode-report.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { seekingIn } from "#worker/ffmpeg/seeking.ts";
import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import { seekTo } from "#worker/plan/clip.ts";
import { readInput } from "#worker/plan/input.ts";
import type { Reference } from "#worker/plan/reference.ts";
import { type Piece, samplePieces } from "./sample-moments.ts";
import { sampleCodecFor, sampleProbe } from "./sample-probe.ts";

/** A short film that stands for a long one: pictures of it as the encoder of its best rendition gets them. */
export type Sample = {
  /** What ffmpeg opens, with the options that `probe` tells. */
  path: string;
  probe: Probe;
};

type Options = Omit<EncodeOptions, "onLine"> & {
  /** The path of the source. */
  input: string;
  /** The folder that the sample is written to. */
  dir: string;
  /** What the planner makes of a source of this length. */
  referenceOf(probe: Probe): Reference;
  /** Called with how many pieces of how many are there. */
  onPiece(done: number, of: number): void;
};

/** Takes the sample of a film; undefined where none can be taken. */
export async function takeSample(source: Probe, options: Options): Promise<Sample | undefined> {
  const { video, durationSeconds } = source;
  if (!video || durationSeconds === undefined) return undefined;
  const pieces = samplePieces(durationSeconds);
  const sought = canSeek(source, video) ? await soughtPieces(source, video, pieces, options) : [];
  const isFound = sought.length > pieces.length / 2;
  const files = isFound ? sought : await decodedPieces(source, pieces, options);
  const frames = files.reduce((sum, file) => sum + file.frames, 0);
  if (frames === 0) return undefined;
  const { framesPerSecond, renditions } = options.referenceOf(source);
  const [size = { width: 0, height: 0 }] = renditions;
  const path = join(options.dir, "sample.ffconcat");
  const lines = files.map(({ name, frames }) => `file ${name}\nduration ${(frames / framesPerSecond).toFixed(6)}`);
  await writeFile(path, ["ffconcat version 1.0", ...lines, ""].join("\n"));
  return { path, probe: sampleProbe(size, framesPerSecond, frames) };
}

/** Whether a piece can be read without all that comes before it, and looks the same then. */
const canSeek = ({ format, apart, clip }: Probe, { shapes }: VideoStream) =>
  seekingIn(format) !== "none" && !apart && !shapes && (!clip || clip.seekSeconds !== undefined);

type Written = { name: string; frames: number };

/** A little more than a piece is read, so that its last picture is surely among what is decoded. */
const spareSeconds = 0.5;

/** Each piece in a file of its own; those where nothing is found are left out. */
async function soughtPieces(source: Probe, video: VideoStream, pieces: readonly Piece[], options: Options) {
  const { framesPerSecond: rate } = options.referenceOf(source);
  const written: Written[] = [];
  for (const [at, { start, seconds }] of pieces.entries()) {
    options.onPiece(at, pieces.length);
    const piece = { ...source, durationSeconds: seconds, video: { ...video, endSeconds: seconds } };
    const name = `piece_${String(at).padStart(2, "0")}.nut`;
    // From a little before a picture on, so that each is surely nearest to its own place at the rate of the output.
    const from = Math.max(0, (Math.round(start * rate) - 0.25) / rate);
    const range = [...seekTo(source, from), "-t", (seconds + spareSeconds).toFixed(6)];
    const input = readInput(options.input, source, range);
    const frames = await write(name, input, options.referenceOf(piece), [], options).catch(unlessDamaged);
    if (frames > 0) written.push({ name, frames });
  }
  return written;
}

/** Nothing of a piece that cannot be decoded: the film may be delivered all the same. */
function unlessDamaged(error: unknown): number {
  if (isFault(error, "source_failed")) return 0;
  throw error;
}

/** All pieces in one file, picked from all that is decoded. */
async function decodedPieces(source: Probe, pieces: readonly Piece[], options: Options): Promise<Written[]> {
  options.onPiece(0, pieces.length);
  const reference = options.referenceOf(source);
  const { framesPerSecond: rate } = reference;
  const within = pieces.map(({ start, seconds }) => {
    const first = Math.round(start * rate);
    return `between(n,${first},${first + Math.round(seconds * rate) - 1})`;
  });
  const pick = [`select='${within.join("+")}'`, `setpts=N/${rate.toFixed(6)}/TB`];
  const name = "pieces.nut";
  return [{ name, frames: await write(name, readInput(options.input, source), reference, pick, options) }];
}

/** Writes pictures as they are, to a file that is read quickly; returns how many. */
async function write(
  name: string,
  input: readonly string[],
  { stream, renditions: [best] }: Reference,
  more: readonly string[],
  { dir, ...options }: Options,
): Promise<number> {
  // The shape of a pixel may be a hair off square where all renditions have one shape.
  const filters = [...(best?.filters ?? []), ...more, "setsar=1"];
  const args = [
    ...[...input, "-filter_complex", `[0:${stream}]${filters.join(",")}[v0]`, "-map", "[v0]"],
    ...["-fps_mode", "passthrough", "-c:v", sampleCodecFor(best?.hdr), "-f", "nut", name],
  ];
  const { onLine, report } = makeReport();
  for await (const _ of encode({ args, outputDir: dir }, { ...options, onLine }));
  return report().written.reduce((sum, { frames }) => sum + frames, 0);
}
