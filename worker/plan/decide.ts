import type { Capabilities } from "#worker/ffmpeg/capabilities.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { checkNeeds } from "./needs.ts";
import type { Place, Plan } from "./plan.ts";
import { rawPlan } from "./raw.ts";
import { segmentedPlan } from "./segmented.ts";
import { singlePlan } from "./single.ts";

/** Decides how a preset applies to a source; what cannot work, or not with this ffmpeg, is a Fault that says why. */
export function plan(preset: Preset, probe: Probe, place: Place, ffmpeg: Capabilities): Plan {
  const planned = planOf(preset, probe, place);
  checkNeeds(planned, preset, probe, ffmpeg);
  return planned;
}

function planOf(preset: Preset, probe: Probe, place: Place): Plan {
  if ("ffmpeg_args" in preset) return rawPlan(preset, probe, place);
  return preset.output_type === "single" ? singlePlan(preset, probe, place) : segmentedPlan(preset, probe, place);
}
