import type { Probe } from "#worker/ffmpeg/media.ts";
import type { AudioStream, SubtitleStream, VideoStream } from "#worker/ffmpeg/streams.ts";
import type { Rendition } from "#worker/presets/fields.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";
import { leastSideOf } from "./encoders.ts";
import { type KeptHdr, keptHdr } from "./hdr.ts";
import { videoOf } from "./input.ts";
import { type LadderSound, ladderSounds } from "./ladder-sounds.ts";
import { h264Level, h265Level } from "./level.ts";
import { bestSize, sizeOf, sizeWithin } from "./picture.ts";
import { cadence, secondsOfFrames } from "./rate.ts";
import { renditionsFor } from "./rungs.ts";
import { textTracks } from "./subtitles.ts";
import { type Timing, timingOf } from "./timing.ts";

/** What a segmented preset comes down to for one source. */
export type Ladder = Timing & {
  /** The stream of the source that is encoded. */
  video: VideoStream;
  /** Frames from keyframe to keyframe. */
  gopFrames: number;
  /** How long a segment is: a whole number of groups of pictures. */
  segmentFrames: number;
  /** The same in seconds. */
  segmentSeconds: number;
  /** Those of HDR first, each kind from the best to the least; none is larger than the source. */
  rungs: readonly Rung[];
  /** The streams of the source that become renditions, the default one first. */
  audio: readonly AudioStream[];
  /** All that is made of them, that which all players take first. */
  sounds: readonly LadderSound[];
  /** The streams of the source that become WebVTT. */
  subtitles: readonly SubtitleStream[];
};

export type Rung = {
  /** What the preset says of it. */
  rendition: Rendition;
  /** The short side that it may have. */
  size: number;
  /** In pixels. */
  width: number;
  /** In pixels. */
  height: number;
  /** The H.264 or H.265 level times ten; undefined for other codecs. */
  level: number | undefined;
  /** What it keeps of an HDR source; undefined where it is SDR. */
  hdr: KeptHdr | undefined;
};

export function ladderOf(preset: SegmentedPreset, probe: Probe): Ladder {
  const video = videoOf(probe, preset);
  const audio = preset.audio ? probe.audio.slice(0, mostTracks(preset)) : [];
  const timing = timingOf(probe, video, audio, preset.video);
  const { rate } = timing;
  const { gop_seconds, codec, speed } = preset.video;
  const kept = renditionsFor(preset.video, video).map((rendition) => ({
    ...{ rendition, hdr: keptHdr(preset.video, rendition, video) },
  }));
  const leastSide = leastSideOf(preset.video);
  const best = sizeOf(video, bestSize(video, kept[0]?.rendition.size ?? 0), { leastSide });
  const withBars = (size: number) => sizeOf(video, size, { leastSide, ratio: best.width / best.height });
  const rungs = kept.map(({ rendition, hdr }, at): Rung => {
    const isBest = kept.findIndex((one) => Boolean(one.hdr) === Boolean(hdr)) === at;
    const size = isBest ? bestSize(video, rendition.size) : rendition.size;
    const frame = sizeWithin(video, size);
    return { rendition, size, ...withBars(size), level: levels[codec]?.(frame, rate, speed, rendition), hdr };
  });
  const { gopFrames, segmentFrames } = cadence(rate, gop_seconds, preset.segments.seconds);
  return {
    ...timing,
    video,
    gopFrames,
    segmentFrames,
    segmentSeconds: secondsOfFrames(segmentFrames, rate),
    rungs,
    audio,
    sounds: soundsOf(preset, audio),
    subtitles: preset.subtitles ? textTracks(probe) : [],
  };
}

const soundsOf = (preset: SegmentedPreset, tracks: readonly AudioStream[]): LadderSound[] =>
  preset.audio
    ? ladderSounds(preset.audio, tracks, { isOne: mostTracks(preset) === 1, output: preset.output_type })
    : [];

/** Players cannot leave out the sound that is in a segment of fMP4 to play another one; in MPEG-TS they do. */
const mostTracks = (preset: SegmentedPreset) => (isMuxed(preset) && preset.segments.format === "fmp4" ? 1 : 8);

const levels: Partial<Record<string, typeof h264Level>> = {
  h264: h264Level,
  h265: (size, rate, _, rendition) => h265Level(size, rate, rendition),
};

/** Whether the first sound lies in the segments of the picture, and the entry is the playlist that names them. */
export const isMuxed = ({ output_type, video, subtitles, ladder }: SegmentedPreset) =>
  // Whatever is left of a ladder that is adapted, players open the same name.
  output_type === "hls" && video.renditions.length === 1 && subtitles === undefined && ladder === undefined;

/**
 * The sounds that have segments of their own: where there are several, each of them (HLS Authoring Specification for Apple
 * Devices, 9.7), the one in the segments of the picture, too.
 */
export const soundsApart = (preset: SegmentedPreset, { sounds }: Pick<Ladder, "sounds">) =>
  isMuxed(preset) && sounds.length === 1 ? [] : sounds;
