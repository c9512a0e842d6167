import type { Probe } from "#worker/ffmpeg/media.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { bestSize, sizeWithin } from "./picture.ts";
import type { Place } from "./plan.ts";
import { renditionsFor } from "./rungs.ts";

/** A source with what is laid over its pictures; of a user's own arguments nobody knows where that could be. */
export function withOverlays(preset: Preset, probe: Probe, { overlays = [] }: Pick<Place, "overlays">): Probe {
  const { video } = probe;
  if (!video || overlays.length === 0 || "ffmpeg_args" in preset) return probe;
  const [largest] = preset.video ? renditionsFor(preset.video, video) : [];
  const best = sizeWithin(video, bestSize(video, largest?.size ?? Number.POSITIVE_INFINITY));
  return { ...probe, video: { ...video, overlays: { all: overlays, best } } };
}
