import type { AudioStream, Probe, SubtitleStream, VideoStream } from "#worker/ffmpeg/media.ts";
import type { Rendition } from "#worker/presets/fields.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";
import { videoArgs } from "./encoders.ts";
import { graphOf, straight } from "./graph.ts";
import { capLength, nothingElse, readInput, videoOf } from "./input.ts";
import { h264Level, h265Level } from "./level.ts";
import { deinterlace, shortSide, shown, sizeWithin } from "./picture.ts";
import { cadence, constantRate, fraction, type Rate } from "./rate.ts";
import { soundArgs } from "./sound.ts";

/** What a segmented preset comes down to for one source. */
export type Ladder = {
  video: VideoStream;
  rate: Rate;
  gopFrames: number;
  segmentSeconds: number;
  rungs: readonly Rung[];
  audio: readonly AudioStream[];
  subtitles: readonly SubtitleStream[];
};

export type Rung = { rendition: Rendition; width: number; height: number; level: number | undefined };

const textSubtitles = new Set(["subrip", "ass", "ssa", "mov_text", "webvtt", "text"]);

export function ladderOf(preset: SegmentedPreset, probe: Probe): Ladder {
  const video = videoOf(probe, preset);
  const rate = constantRate(video);
  const { gop_seconds, renditions, codec, speed } = preset.video;
  const rungs = rungsFor(renditions, shortSide(video)).map((rendition): Rung => {
    const size = sizeWithin(video, rendition.size);
    return { rendition, ...size, level: levels[codec]?.(size, rate, speed, rendition) };
  });
  const hasGroups = hasMaster(preset) || preset.output_type !== "hls";
  return {
    video,
    rate,
    ...cadence(rate, gop_seconds, preset.segments.seconds),
    rungs,
    audio: preset.audio ? probe.audio.slice(0, hasGroups ? mostTracks : 1) : [],
    subtitles: preset.subtitles
      ? probe.subtitles.filter(({ codec }) => textSubtitles.has(codec)).slice(0, mostTracks)
      : [],
  };
}

const mostTracks = 8;

const levels: Partial<Record<string, typeof h264Level>> = {
  h264: h264Level,
  h265: (size, rate, _, rendition) => h265Level(size, rate, rendition),
};

/** One rendition with sound in its own segments needs no master playlist. */
export const hasMaster = ({ output_type, video, subtitles }: SegmentedPreset) =>
  output_type === "cmaf" || (output_type === "hls" && (video.renditions.length > 1 || subtitles !== undefined));

/** Those that are no larger than the source; of a source below all of them, the smallest, at the source's own size. */
export function rungsFor(renditions: readonly [Rendition, ...Rendition[]], side: number): readonly Rendition[] {
  const fitting = renditions.filter(({ size }) => size <= Math.round(side));
  return fitting.length > 0 ? fitting : renditions.slice(-1);
}

/** Everything up to the muxer: the source decoded once, all pictures at one rate with the same keyframes, all sound. */
export function ladderArgs(preset: SegmentedPreset, probe: Probe, ladder: Ladder, input: string): string[] {
  const { video, rate, gopFrames, rungs, audio } = ladder;
  const { audio: sound } = preset;
  const before = [...deinterlace(video), `fps=${fraction(rate)}:start_time=0`];
  return [
    ...readInput(input),
    ...graphOf(
      video.index,
      before,
      rungs.map(({ rendition }) => straight(shown(video, rendition.size, shapeOf(preset, ladder)))),
    ),
    ...rungs.flatMap(({ rendition, level }, at) => [
      ...["-map", `[v${at}]`],
      ...videoArgs(preset.video, { rendition, speed: preset.video.speed, gopFrames, level }, at),
    ]),
    ...["-fps_mode", "vfr"],
    ...(sound ? audio.flatMap((track, at) => soundArgs(sound, track, at)) : []),
    // Sound that begins late or has gaps is filled, so that its segments stay beside those of the picture.
    ...(audio.length > 0 ? ["-af", "aresample=async=1:first_pts=0"] : []),
    ...nothingElse,
    ...capLength(probe),
  ];
}

// The dash muxer takes renditions of one shape only, and 852x480 is not quite that of 1280x720.
function shapeOf({ output_type }: SegmentedPreset, { rungs: [best] }: Ladder) {
  return output_type === "hls" || !best ? {} : { shape: `${best.width}/${best.height}` };
}
