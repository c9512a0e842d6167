import { anyCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { purposeOf } from "#worker/ffmpeg/disposition.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { plan } from "./decide.ts";
import { encodersIn } from "./needs.ts";

/** The encoders that a preset uses for an ordinary source. */
export const encodersOf = (preset: Preset) =>
  encodersIn(plan(withoutPicture(preset), ordinarySource, place, anyCapabilities).args);

// A part may be cut out that an ordinary source does not have.
function withoutPicture(preset: Preset): Preset {
  if ("ffmpeg_args" in preset) return preset;
  const { picture: _, ...rest } = preset;
  return rest;
}

const place = { input: "/source", outputDir: "/out", stem: "out", keyInfoFile: "/key" };

/** What most people have: a film of 10 s in 1080p with stereo sound. */
export const ordinarySource: Probe = {
  format: "mov",
  durationSeconds: 10,
  video: {
    index: 0,
    codec: "h264",
    width: 1_920,
    height: 1_080,
    sampleAspect: 1,
    rotation: 0,
    pixelFormat: "yuv420p",
    transfer: undefined,
    interlaced: false,
    averageRate: 24,
    nominalRate: 24,
    frames: 240,
    ...purposeOf({}),
  },
  audio: [{ index: 1, codec: "aac", channels: 2, language: undefined, ...purposeOf({}) }],
  subtitles: [],
};
