import type { Capabilities } from "#worker/ffmpeg/capabilities.ts";
import type { Preset } from "#worker/presets/schema.ts";

/** A preset without the sounds that this ffmpeg has no encoder for, and that an output can do without. */
export const withKnownEncoders = <P extends Preset>(preset: P, ffmpeg: Pick<Capabilities, "has">): P =>
  "audio" in preset && preset.audio?.channels === "source" && !ffmpeg.has("encoder:eac3")
    ? { ...preset, audio: { ...preset.audio, eac3: false } }
    : preset;
