import type { SegmentedPreset } from "#worker/presets/schema.ts";
import type { SoundSettings } from "./kept-sound.ts";
import { perSecond } from "./rate.ts";
import type { Timing } from "./timing.ts";

type Pictures = Pick<Timing, "rate" | "frames">;

const sampleRate = 48_000;

/** What the AAC encoder puts before the sound, in samples: one frame, which is all that a decoder needs to begin. */
export const aacPriming = 1_024;

/** How many frames x264 and x265 reorder: B-frames that are references of others make it two. */
const reorderedFrames = 2;

/**
 * Where the first packet of sound belongs, in samples. Players align tracks by what comes first in decoding order: in
 * MPEG-TS that is the DTS of the first picture, before zero by the frames that are reordered; in fMP4 it is zero,
 * because composition offsets may be negative there.
 */
function firstPacket({ segments, video }: SegmentedPreset, { rate, frames }: Pictures): number {
  // x264 makes no B-frames at this speed; x265 does at any. Neither delays the pictures of a film of no more than those.
  const isInOrder =
    (video.codec === "h264" && video.speed === "ultrafast") || (frames ?? Number.POSITIVE_INFINITY) <= reorderedFrames;
  if (segments.format === "fmp4" || isInOrder) return 0;
  return -Math.round((reorderedFrames * sampleRate) / perSecond(rate));
}

/** What the encoder of E-AC-3 puts before the sound, and how long its frames are, in samples. */
const eac3 = { priming: 256, frame: 1_536 };

/** Where sound begins, in samples at 48 kHz, which is zero or before: what the source has not is silence. */
export function firstSample(preset: SegmentedPreset, pictures: Pictures, codec?: SoundSettings["codec"]): number {
  const first = firstPacket(preset, pictures);
  if (codec !== "eac3") return Math.min(0, first + aacPriming);
  // A whole frame before zero is left out, so that the next one begins there.
  return first === 0 ? eac3.priming - eac3.frame : first + eac3.priming;
}

/**
 * Where the film's zero lies on the clock of the media, in ticks of 1/90000 s: MPEG-TS begins at the DTS of the first
 * picture, which is shown later by the frames that are reordered.
 */
export const zeroInMpegTs = (preset: SegmentedPreset, pictures: Pictures) =>
  Math.round((-firstPacket(preset, pictures) * 90_000) / sampleRate);

/**
 * Removes priming that would lie before zero. An edit list could tell players to skip it, but hls.js and Shaka place
 * segments by their decode times, which do not know of it: sound would be late by a frame, and hls.js never ends when
 * the last segment is no longer than that.
 */
export const withoutPriming = (
  preset: SegmentedPreset,
  pictures: Pictures,
  codec: SoundSettings["codec"],
  at: number,
) =>
  // Only the sign can be asked for: ffmpeg 5.1 changes the time base after it has told the filter.
  firstPacket(preset, pictures) === 0 && (codec === "aac" || codec === "eac3")
    ? [`-bsf:a:${at}`, "noise=drop=lt(pts\\,0)"]
    : [];

/** Composition offsets count from the first picture, so that no edit list is needed to show it at zero. */
export const negativeOffsets = "movflags=+negative_cts_offsets";
