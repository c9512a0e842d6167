import { expect } from "bun:test";
import { measure } from "#worker/ffmpeg/measure.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { readPlainMovie } from "#worker/ffmpeg/plain-movie.ts";
import { readPlainSegment } from "#worker/ffmpeg/plain-segment.ts";

/** Whether our own readers tell what a file holds; fails unless that is what ffprobe says. */
export async function judgeReadOnOurOwn(file: string): Promise<boolean> {
  const isSegment = file.endsWith(".ts");
  const ours = isSegment ? await readPlainSegment(file) : await readPlainMovie(file);
  if (!ours) return false;
  const options = { signal: AbortSignal.timeout(60_000), inputOptions: isSegment ? ["-f", "mpegts"] : [] };
  const theirs = await measure(file, options);
  const isHeader = [ours.video, ...ours.audio].every((stream) => !stream?.packets);
  const same = isHeader ? { ours: headerOf(ours), theirs: headerOf(theirs) } : { ours, theirs };
  // Where there is no picture to decode, ffprobe does not say of what kind its pixels are.
  const pixels = same.theirs.video?.pixelFormat ?? same.ours.video?.pixelFormat;
  const said = withPixels(same.theirs, pixels);
  expect({ file, ours: withNumbersOf(said, same.ours) }).toEqual({ file, ours: said });
  return true;
}

/** A value with the numbers of another one in the places where they are the same to a thousandth. */
function withNumbersOf(other: unknown, value: unknown): unknown {
  if (typeof value === "number") return Math.abs(Number(other) - value) < 0.001 ? other : value;
  if (Array.isArray(value)) return value.map((one, at) => withNumbersOf(Object(other)[at], one));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, withNumbersOf(Object(other)[name], one)]),
  );
}

const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** What is said of streams without their packets, and without the rates that these tell. */
function headerOf({ format, video, audio, subtitles, programs }: Probe) {
  const bare = <Stream extends object>(stream: Stream) => ({ ...stream, packets: undefined, endSeconds: undefined });
  const rates = { averageRate: undefined, nominalRate: undefined, frames: undefined };
  const videos = video ? [{ ...bare(video), ...rates }] : [];
  return { format, durationSeconds: undefined, video: videos[0], videos, audio: audio.map(bare), subtitles, programs };
}

const withPixels = <Of extends { video?: object | undefined; videos?: readonly object[] }>(
  probe: Of,
  pixelFormat?: string,
) => ({
  ...probe,
  video: probe.video && { ...probe.video, pixelFormat },
  videos: probe.videos?.map((video) => ({ ...video, pixelFormat })),
});
