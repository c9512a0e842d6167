import { invalidField } from "#shared/fault.ts";
import { type QualityTarget, vmafProblem } from "#shared/job/quality-target.ts";
import { canBeAimed } from "#worker/presets/fields.ts";
import type { Preset } from "#worker/presets/schema.ts";

/** The quality that an order aims at; undefined when it is left to the preset's CRFs. An order goes before its preset. */
export function wantedQuality(asked: { vmaf: number } | undefined, preset: Preset): QualityTarget | undefined {
  if (asked) return { vmaf: asked.vmaf };
  return "quality" in preset ? preset.quality : undefined;
}

/** Throws when an order aims at what is no quality, or what its preset cannot be brought to. */
export function checkQuality(asked: { vmaf: number } | undefined, preset: Preset | undefined): void {
  if (!asked) return;
  const problem = vmafProblem(asked.vmaf);
  if (problem !== undefined) throw invalidField("quality.vmaf", problem);
  const why = preset && whyNot(preset);
  // It is no matter of the worker that was asked, as it is where one lacks what measures.
  if (why !== undefined)
    throw invalidField("preset", `${preset?.name} cannot aim at a quality: ${why}; leave quality out`);
}

function whyNot(preset: Preset): string | undefined {
  if ("ffmpeg_args" in preset) return "its own arguments say how it is encoded";
  if (!preset.video) return "it makes no video";
  return canBeAimed(preset.video) ? undefined : "its renditions have average bit rates";
}
