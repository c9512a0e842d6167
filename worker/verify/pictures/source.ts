import type { Argv } from "#worker/ffmpeg/argv.ts";
import { parseRatio } from "#worker/ffmpeg/ffprobe-report.ts";
import { mayChange } from "#worker/ffmpeg/frames.ts";
import { inputAllowlist } from "#worker/ffmpeg/input-allowlist.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { runToEnd } from "#worker/ffmpeg/run.ts";
import { seekingIn } from "#worker/ffmpeg/seeking.ts";
import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import { seekTo } from "#worker/plan/clip.ts";
import type { Asked } from "./asked.ts";
import { type Asking, type Conversion, type Request, type SampledFrame, toGrid } from "./sample-frames.ts";

/** A source whose pictures are sampled, in each of these ways. */
export type Opened = {
  /** Its path. */
  file: string;
  /** What is known of it. */
  source: Probe;
  /** The stream whose pictures are sampled. */
  video: VideoStream;
  /** How they become RGB; the first by their own tags. */
  ways: readonly Conversion[];
  /** What the preset asks of them; left out where they are to be seen as they are. */
  asked?: Asked | undefined;
};

/** Takes the keyframe at this moment, or one nearby that is found as quickly. */
export function keyframeAt(seconds: number, opened: Opened): Request {
  const from = keyframeSeek(seconds, opened.source);
  const seek = from === undefined ? [] : ["-noaccurate_seek", ...seekTo(opened.source, from)];
  const options = [...seek, "-skip_frame", "nokey"];
  return { ...request(opened, options, "trim=end_frame=1"), fromSeconds: from ?? 0 };
}

function keyframeSeek(seconds: number, { format, clip }: Probe): number | undefined {
  const seeking = seekingIn(format);
  if ((seconds <= 0 && !clip) || seeking === "none") return undefined;
  // By an index it looks up to a seventh of a second earlier, for pictures that come in another order than they are shown.
  return seeking === "indexed" ? seconds + 0.14 : Math.max(beginOf({ clip }), seconds - 0.05);
}

const aroundSeconds = 0.3;
/** By then every codec shows whole pictures, whether it has keyframes or refreshes a few rows at a time. */
const settledSeconds = 60;

/**
 * Takes all pictures around this moment, and the one that stands at it, however long it has stood; `isSure` begins long
 * before it, where a jump may leave them incomplete.
 */
export function picturesAround(seconds: number, opened: Opened, isSure = false): Request {
  const since = Math.min(seconds - aroundSeconds, stoodSince(seconds, opened.video));
  // Right at a keyframe that pictures before it refer to, a decoder may leave that keyframe out.
  const earlier = since < seconds - aroundSeconds ? since - aroundSeconds : since;
  const before = isSure ? Math.max(settledSeconds, seconds - earlier) : seconds - earlier;
  const { clip, format } = opened.source;
  // What comes long before a clip may not be there.
  const first = clip?.seekSeconds === undefined ? beginOf(opened.source) : clip.seekSeconds - clip.start;
  const isSought = seekingIn(format) === "indexed" || isSure;
  const from = isSought ? Math.max(first, seconds - before) : first;
  const [begin, end] = [since - from, seconds + aroundSeconds - from];
  const options = [...(from > beginOf(opened.source) ? seekTo(opened.source, from) : []), "-t", end.toFixed(6)];
  const pick = `select='between(t,${begin.toFixed(6)},${end.toFixed(6)})'`;
  return { ...request(opened, options, pick), fromSeconds: from, keptFrom: seconds - aroundSeconds };
}

/** No later than this the picture began that stands at a moment. */
function stoodSince(seconds: number, { packets }: VideoStream): number {
  if (!packets || packets.longestInterval <= aroundSeconds) return seconds;
  const keyframe = packets.keyframes.findLast((one) => one <= seconds) ?? Number.NEGATIVE_INFINITY;
  return Math.max(keyframe, seconds - packets.longestInterval) - sameMoment;
}

/** Takes what a filter picks of the first seconds. */
export const picturesUntil = (end: number, pick: string, opened: Opened): Request =>
  request(opened, [...(opened.source.clip ? seekTo(opened.source, 0) : []), "-t", end.toFixed(6)], pick);

/** When a source begins, by the clock of the clip that is taken of it. */
const beginOf = ({ clip }: Pick<Probe, "clip">) => (clip ? -clip.start : 0);

function request({ file, source, video, ways, asked }: Opened, options: readonly string[], pick: string): Request {
  return {
    // Pictures that change their size would begin all filters anew.
    input: [...inputAllowlist, ...(source.inputOptions ?? []), ...options, "-reinit_filter", "0", "-i", file],
    stream: String(video.index),
    pick,
    ways: ways.map((way) => toGrid(way, asked?.filters)),
  };
}

/** How much the clocks of two readers may differ, in seconds. */
export const sameMoment = 0.02;

/** The shapes on a screen, width by height, of what is to be seen of keyframes that were sampled; undefined where nobody tells. */
export async function shapesOf(
  frames: readonly (SampledFrame | undefined)[],
  moments: readonly number[],
  opened: Opened,
  asking: Asking,
): Promise<(number | undefined)[]> {
  // For ffmpeg all pixels of a stream have the shape that its beginning has.
  const aspects = mayChange(opened.source.format, opened.video) ? await aspectsAt(moments, opened, asking) : undefined;
  return frames.map((picture) => {
    if (!picture) return undefined;
    const { seconds, width, height } = picture;
    const found = aspects ? aspects.find((one) => Math.abs(one.seconds - seconds) < sameMoment) : picture;
    const shape = found && (width * (found.sampleAspect ?? 1)) / height;
    return shape && (opened.asked?.shapeOf(shape) ?? shape);
  });
}

/** How long ffprobe reads at each moment. */
const intervalSeconds = 2;

/** The shape of pixels at each keyframe around these moments. */
async function aspectsAt(
  moments: readonly number[],
  { file, source, video }: Opened,
  { signal, spawn, reads }: Asking,
): Promise<{ seconds: number; sampleAspect: number }[]> {
  // By an index it begins at the keyframe before, otherwise after.
  const later = seekingIn(source.format) === "indexed" ? 0.01 : -1;
  let position = 0;
  const intervals = moments.map((seconds) => {
    const moment = seconds - beginOf(source);
    const start = moment <= 0 ? 0 : Math.max(0, moment + later);
    const seek = start === 0 ? "" : `+${(start - position).toFixed(3)}`;
    position = start + intervalSeconds;
    return `${seek}%+${intervalSeconds}`;
  });
  const argv: Argv = [
    ...(["ffprobe", "-v", "quiet", ...inputAllowlist, ...(source.inputOptions ?? [])] as const),
    ...["-select_streams", String(video.index), "-skip_frame", "nokey", "-read_intervals", intervals.join(",")],
    ...["-show_entries", "format=start_time:frame=best_effort_timestamp_time,sample_aspect_ratio"],
    ...["-print_format", "compact=print_section=0:nokey=1", file],
  ];
  const { stdout } = await runToEnd(spawn, { argv, signal, reads });
  const rows = stdout
    .toString()
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split("|"));
  const start = Number(rows.at(-1)?.[0]) || 0;
  return rows.slice(0, -1).map(([seconds, aspect = ""]) => {
    return { seconds: Number(seconds) - start + beginOf(source), sampleAspect: parseRatio(aspect) ?? 1 };
  });
}
