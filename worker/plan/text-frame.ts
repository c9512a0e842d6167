import type { Probe } from "#worker/ffmpeg/media.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { type Colour, outputColour } from "./colour.ts";
import { withEdits } from "./edits.ts";
import { bestSize, sizeWithin } from "./picture.ts";
import { renditionsFor } from "./rungs.ts";

/** The pictures that a text is drawn into: the largest size that they have, and their colours. */
export type TextFrame = {
  /** In pixels. */
  size: { width: number; height: number };
  /** Of renditions in SDR, and of those that stay HDR. */
  colours: { film: Colour; hdr: Colour };
};

/** The pictures that a preset makes of a source; undefined where it makes no film of its own settings. */
export function textFrame(preset: Preset, source: Probe): TextFrame | undefined {
  const { video } = withEdits(preset, source);
  if (!video || "ffmpeg_args" in preset || !preset.video) return undefined;
  const [largest] = renditionsFor(preset.video, video);
  return {
    size: sizeWithin(video, bestSize(video, largest?.size ?? Number.POSITIVE_INFINITY)),
    colours: { film: outputColour(video), hdr: outputColour(video, "hdr") },
  };
}
