import type { SegmentedPreset } from "./schema.ts";
import type { SinglePreset } from "./single-preset.ts";

/** A preset of settings of ours, not of a user's own arguments. */
export type OwnPreset = SinglePreset | SegmentedPreset;
