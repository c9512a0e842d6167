import type { OutputType } from "#shared/job/event.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { rawPlan } from "./raw.ts";
import { singlePlan } from "./single.ts";

/** A file that the encode must leave in the output directory, and what it must hold. */
export type ExpectedFile = {
  name: string;
  /** The short side is at most `size`. Codecs are named as ffprobe names them. */
  video?: { codec: string; size: number };
  audio?: { codec: string };
};

/** All that is decided about an encode before it starts. */
export type Plan = {
  /** Everything after `ffmpeg`. */
  args: readonly string[];
  /** Where ffmpeg runs and writes; empty before. */
  outputDir: string;
  outputType: OutputType;
  /** The file that a player opens. */
  entry: string;
  files: readonly ExpectedFile[];
  /** How long the output must be; undefined when the source does not say or the preset changes it. */
  durationSeconds: number | undefined;
  /** About how many frames the output has, for people. */
  totalFrames: number | undefined;
};

/** Absolute paths. */
export type Place = { input: string; outputDir: string };

/** Decides how a preset applies to a source; what cannot work is a Fault that says why. */
export const plan = (preset: Preset, probe: Probe, place: Place): Plan =>
  "ffmpeg_args" in preset ? rawPlan(preset, probe, place) : singlePlan(preset, probe, place);
