import * as v from "valibot";
import { fromJsonText } from "#shared/json-text.ts";
import type { Aimed } from "./aim.ts";
import { type FilmPreset, withRenditions } from "./sample-preset.ts";

// Not that of presets, whose CRFs are whole numbers.
const StoredRendition = v.object({ size: v.number(), crf: v.number(), maxrate: v.string(), bufsize: v.string() });

const StoredAim = v.object({
  /** What it was decided of: see `aimToText`. */
  key: v.string(),
  renditions: v.tupleWithRest([StoredRendition], StoredRendition),
  target: v.exactOptional(v.number()),
  found: v.exactOptional(
    v.object({
      crf: v.number(),
      vmaf: v.number(),
      isReached: v.boolean(),
      limit: v.exactOptional(v.picklist(["least", "most", "rate", "steps"])),
    }),
  ),
  reason: v.string(),
});

/** What was decided, for the attempts that may follow. `key` tells source, ffmpeg, preset and what was aimed at. */
export const aimToText = (key: string, { preset, ...decided }: Aimed): string =>
  JSON.stringify({ key, renditions: preset.video.renditions, ...decided });

/** What an earlier attempt has decided of this preset; undefined where that was of another key. */
export function aimFromText(text: string | undefined, key: string, preset: FilmPreset): Aimed | undefined {
  const stored = fromJsonText(StoredAim, text);
  if (stored?.key !== key) return undefined;
  const { key: _, renditions, ...decided } = stored;
  return { preset: withRenditions(preset, renditions), ...decided };
}
