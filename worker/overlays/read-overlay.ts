import { join } from "node:path";
import { fieldFault } from "#shared/fault.ts";
import type { Argv } from "#worker/ffmpeg/argv.ts";
import { formatBytes, nameOfFormat } from "#worker/ffmpeg/name-of-format.ts";
import { runToEnd, type Spawning } from "#worker/ffmpeg/run.ts";
import { type Animation, animationIn } from "./animation.ts";
import type { ReadOverlay } from "./fetched-overlay.ts";

/** The demuxers of each kind, by what its first bytes say that it is: of one picture, and of one that is animated. */
const demuxers: Readonly<Record<string, readonly [one: string, animated: string]>> = {
  "a PNG picture": ["png_pipe", "apng"],
  "an animated PNG (APNG)": ["png_pipe", "apng"],
  "a WebP picture": ["webp_pipe", "webp_anim"],
  "a GIF picture": ["gif", "gif"],
};

/** More would take a decoder hundreds of megabytes. */
const mostPixels = 4_096 * 4_096;
/** Those of all pictures of an animated one: ten seconds of full HD. */
const mostPixelsOfAll = 2 ** 29;
const mostFrames = 3_000;
const longestMs = 120_000;

/**
 * What was fetched as an overlay, as a file in this folder that is safe to be read: a PNG with alpha, or a movie of such
 * where it is animated.
 */
export async function readOverlay(
  fetched: string,
  folder: string,
  field: string,
  spawning: Spawning,
): Promise<ReadOverlay> {
  const file = Bun.file(fetched);
  const kind = nameOfFormat(await file.slice(0, formatBytes).bytes());
  const [one, animated] = demuxers[kind ?? ""] ?? [];
  if (!one || !animated) throw failed(field, `is ${kind ?? "no picture that is known"}: use a PNG, a WebP or a GIF`);
  const animation = animationIn(await file.bytes());
  if (animation) checkLength(animation, field);
  const asked = { field, kind: kind ?? "", demuxer: animation ? animated : one, animation };
  const path = join(folder, animation ? "overlay.mov" : "overlay.png");
  await decode(fetched, folder, path, asked, spawning);
  return animation ? movingOverlay(path, animation, asked, spawning) : { path, picture: await sizeOfPng(path, asked) };
}

function checkLength({ frames, width, height }: Animation, field: string) {
  if (frames > mostFrames) throw failed(field, `has ${frames} pictures, and may have at most ${mostFrames}`);
  const pixels = frames * width * height;
  if (pixels > mostPixelsOfAll)
    throw failed(field, `has ${pixels} pixels in all its pictures, and may have at most ${mostPixelsOfAll}`);
}

type Asked = { field: string; kind: string; demuxer: string; animation: Animation | undefined };

async function decode(
  fetched: string,
  folder: string,
  path: string,
  asked: Asked,
  { signal, spawn }: Spawning,
): Promise<void> {
  const { demuxer, animation } = asked;
  const written = animation
    ? // One more than there should be is taken for damage.
      ["-fps_mode", "passthrough", "-frames:v", String(animation.frames + 1), ...movie]
    : ["-frames:v", "1", "-c:v", "png", "-f", "image2", "-update", "1"];
  const argv: Argv = [
    ...(["ffmpeg", "-hide_banner", "-nostdin", "-y", "-v", "level+error", "-protocol_whitelist", "file"] as const),
    ...["-format_whitelist", demuxer, "-max_pixels", String(mostPixels), "-f", demuxer],
    ...(animation ? ["-ignore_loop", "1"] : []),
    ...["-i", `file:${fetched}`, "-map", "0:v:0", "-vf", "format=rgba", ...written, path],
  ];
  const { ended } = await runToEnd(spawn, { argv, signal, reads: [fetched], writes: [folder], longestMs });
  if (ended.exitCode === 0) return;
  if (ended.lastLines.some((line) => line.includes("Unknown input format")))
    throw failed(
      asked.field,
      "is an animated WebP, which this worker's ffmpeg cannot read: use a GIF or an animated PNG",
    );
  throw unreadable(asked);
}

// Each picture is whole, whichever is looked for. What they take on the disk is bounded.
const movie = ["-c:v", "png", "-compression_level", "1", "-video_track_timescale", "90000", "-fs", "1G", "-f", "mov"];

async function movingOverlay(
  path: string,
  { width, height, ...animation }: Animation,
  asked: Asked,
  spawning: Spawning,
): Promise<ReadOverlay> {
  const times = await timesIn(path, spawning);
  if (times.length !== animation.frames)
    throw failed(asked.field, `is damaged: ${times.length} of its ${animation.frames} pictures can be read`);
  // Should ffmpeg show a picture for longer than the file says, the next turn still comes after it.
  const seconds = Math.max(animation.seconds, (times.at(-1) ?? 0) + 0.01);
  return { path, picture: { width, height }, animation: { ...animation, seconds } };
}

/** When each picture of a movie is shown, in seconds. */
async function timesIn(path: string, { signal, spawn }: Spawning): Promise<number[]> {
  const query = ["-v", "error", "-show_entries", "packet=pts_time", "-of", "csv=p=0"];
  const argv: Argv = ["ffprobe", ...query, "-format_whitelist", "mov", "-protocol_whitelist", "file", `file:${path}`];
  const { stdout } = await runToEnd(spawn, { argv, signal, reads: [path], longestMs });
  return stdout.toString().split("\n").filter(Boolean).map(Number.parseFloat);
}

const failed = (field: string, words: string) => fieldFault("source_failed", field, words);

const unreadable = ({ field, kind }: Asked) =>
  failed(field, `cannot be read as ${kind}, or has more than ${mostPixels} pixels`);

/** By the header of a PNG that ffmpeg wrote (PNG specification, 11.2.1). */
async function sizeOfPng(path: string, asked: Asked): Promise<{ width: number; height: number }> {
  const head = Buffer.from(await Bun.file(path).slice(0, 24).arrayBuffer());
  if (head.length < 24) throw unreadable(asked);
  return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
}
