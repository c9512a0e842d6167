import { purposeOf } from "#worker/ffmpeg/disposition.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { KeptHdr } from "#worker/plan/hdr.ts";

/** Loses nothing, and is decoded faster than what most sources have. */
export const sampleCodec = "magicyuv";
/** The same for pictures that keep HDR, in 10 bits. */
const sampleCodecOfHdr = "ffvhuff";

export const sampleCodecFor = (hdr: KeptHdr | undefined) => (hdr ? sampleCodecOfHdr : sampleCodec);

type Picture = { width: number; height: number; hdr?: KeptHdr | undefined };

/** What is known of a sample: pictures at one rate, without sound, in files that are joined by a list. */
export const sampleProbe = ({ width, height, hdr }: Picture, framesPerSecond: number, frames: number): Probe => ({
  format: "concat",
  durationSeconds: frames / framesPerSecond,
  isSteady: true,
  // Nothing else is opened, though the list itself is a text that names files.
  inputOptions: ["-format_whitelist", "concat,nut", "-f", "concat"],
  video: {
    ...{ index: 0, codec: sampleCodecFor(hdr), pixelFormat: hdr ? "yuv420p10le" : "yuv420p", width, height },
    ...{ sampleAspect: 1, rotation: 0, interlaced: false },
    // Of SDR no colour is named, so that none is converted once more.
    ...(hdr ? { ...hdr, primaries: "bt2020", matrix: "bt2020nc", range: "tv" } : { transfer: undefined }),
    ...{ averageRate: framesPerSecond, nominalRate: framesPerSecond, frames },
    ...purposeOf({}),
  },
  audio: [],
  subtitles: [],
});
