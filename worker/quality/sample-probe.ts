import { purposeOf } from "#worker/ffmpeg/disposition.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";

/** Loses nothing, and is decoded faster than what most sources have. */
export const sampleCodec = "magicyuv";

/** What is known of a sample: pictures in 8 bits and at one rate, without sound, in files that are joined by a list. */
export const sampleProbe = (
  { width, height }: { width: number; height: number },
  framesPerSecond: number,
  frames: number,
): Probe => ({
  format: "concat",
  durationSeconds: frames / framesPerSecond,
  isSteady: true,
  // Nothing else is opened, though the list itself is a text that names files.
  inputOptions: ["-format_whitelist", "concat,nut", "-f", "concat"],
  video: {
    ...{ index: 0, codec: sampleCodec, pixelFormat: "yuv420p", width, height },
    // No colour is named, so that none is converted once more.
    ...{ sampleAspect: 1, rotation: 0, transfer: undefined, interlaced: false },
    ...{ averageRate: framesPerSecond, nominalRate: framesPerSecond, frames },
    ...purposeOf({}),
  },
  audio: [],
  subtitles: [],
});
