import type { MessageInitShape } from "@bufbuild/protobuf";
import { type JobRequest, PlannedRenditionSchema, type PresetPlanSchema } from "#proto/worker/v1/worker_pb.js";
import { checkAll, invalidField } from "#shared/fault.ts";
import { factsToMessage } from "#shared/rpc/facts-message.ts";
import { toFields } from "#shared/rpc/message-fields.ts";
import { orderedUploads } from "#shared/uploads/pins.ts";
import { checkLengths, type Rules } from "#worker/jobs/accept.ts";
import { checkClip, wantedClip } from "#worker/jobs/wanted-clip.ts";
import { askedInputs, checkSources } from "#worker/jobs/wanted-inputs.ts";
import { askedOverlays, checkDrawable, checkOverlays } from "#worker/overlays/asked-overlays.ts";
import { presetNamed } from "#worker/presets/load.ts";
import { orderedPreset, presetFields } from "#worker/presets/ordered.ts";
import type { Preset } from "#worker/presets/schema.ts";
import type { PresetPlan } from "#worker/run/plan-source.ts";
import type { Methods, ServiceDeps } from "./methods.ts";

type Deps = Pick<ServiceDeps, "checkCanAccept" | "planSource" | "uploads"> & {
  rules: Pick<Rules, "presets" | "checkInput">;
};

const longestMs = 600_000;

/** Answers what presets would make of a source. */
export const planHandlers = (deps: Deps): Pick<Methods, "plan"> => ({
  async plan(request, signal) {
    await deps.checkCanAccept();
    const presets = presetsFor(request, deps.rules);
    const asked = {
      inputUrl: request.inputUrl,
      ...askedInputs(request),
      ...wantedClip(request),
      ...askedOverlays(request),
      tenant: request.tenant,
    };
    await orderedUploads(deps.uploads, asked, signal);
    const ordered = (preset: Preset) => {
      checkDrawable(request, preset);
      return orderedPreset(request, preset);
    };
    const timeoutMs = Math.min(Number(request.timeoutMs) > 0 ? Number(request.timeoutMs) : longestMs, longestMs);
    const { source, sources, clip, plans } = await deps.planSource({ ...asked, presets, ordered, timeoutMs, signal });
    const facts = factsToMessage({ source, sources });
    return { ...facts, ...(clip && { clip }), presets: plans.map(planToMessage) };
  },
});

/** The presets that are asked for. Throws a Fault that names the fields that are wrong. */
function presetsFor(request: JobRequest, rules: Deps["rules"]) {
  const { preset } = request;
  checkAll(
    () => checkLengths(request),
    () => checkSources(request, rules.presets.get(preset), rules.checkInput),
    () => preset && presetNamed(rules.presets, preset),
    () => presetFields(request),
    () => checkClip(request, rules.presets.get(preset)),
    () => checkOverlays(request, rules.presets.get(preset), rules.checkInput),
    () => {
      if (request.subtitles.length > 0) throw invalidField("subtitles", "are looked at in jobs alone: leave them out");
    },
  );
  if (preset) orderedPreset(request, presetNamed(rules.presets, preset));
  return preset ? [presetNamed(rules.presets, preset)] : [...rules.presets.values()];
}

/** As much of what a source says of itself as an answer of all presets has room for. */
const mostWarnings = 20;
const mostText = 500;

const planToMessage = ({
  preset: { name, output_type },
  renditions,
  dropped,
  warnings,
  error,
}: PresetPlan): MessageInitShape<typeof PresetPlanSchema> => ({
  ...{
    preset: name,
    outputType: output_type,
    dropped,
    warnings: warnings.slice(0, mostWarnings).map((text) => text.slice(0, mostText)),
  },
  renditions: renditions.map((rendition) => toFields(PlannedRenditionSchema, rendition)),
  ...(error && { error: error.message, errorKind: error.kind }),
});
