import type { JobRequest } from "#proto/worker/v1/worker_pb.js";
import { checkedValue } from "#shared/checked-value.ts";
import { checkAll, faultIn, invalidField, saidOf } from "#shared/fault.ts";
import { clipProblem } from "#shared/job/clip.ts";
import { type InputPart, Inputs } from "#shared/job/inputs.ts";
import { joinedSoundProblem } from "#shared/job/sound-order.ts";
import { inputsIn } from "#shared/rpc/inputs-message.ts";
import { soundIn } from "#shared/rpc/sound-message.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { isAdaptive } from "#worker/quality/check-aim.ts";

type Request = Pick<JobRequest, "inputUrl"> &
  Partial<Pick<JobRequest, "inputs" | "clip" | "workers" | "measure" | "quality" | "audio">>;

/** The sources of a request that are joined to one film, as an order has them. Throws `invalid` for values that are none. */
export const askedInputs = ({ inputs = [] }: Pick<Request, "inputs">): { inputs?: InputPart[] } =>
  inputs.length > 0 ? { inputs: checkedValue(Inputs, inputsIn(inputs), "inputs") } : {};

/** Throws when the source of a request may not be fetched, or one of those that are to be joined, or when they cannot be. */
export function checkSources(request: Request, preset: Preset | undefined, checkInput: (url: string) => void) {
  const { inputs } = askedInputs(request);
  if (!inputs) return checkInput(request.inputUrl);
  checkAll(
    ...inputs.flatMap(({ url, clip }, at) => [
      () => {
        const fault = faultIn(() => checkInput(url));
        if (fault) throw saidOf(`inputs.${at}.url`, fault);
      },
      () => {
        const problem = clip && clipProblem(clip);
        if (problem) throw invalidField(`inputs.${at}.${problem.field}`, problem.message);
      },
    ]),
    () => checkBeside(request),
    () => preset && checkJoining(preset),
  );
}

function checkBeside({ inputUrl, clip, workers = 0, measure = "", quality, audio }: Request) {
  const sound = joinedSoundProblem(soundIn(audio) ?? {});
  if (sound) throw invalidField(`audio.${sound.field}`, sound.message);
  const one = "is found against one source, and these are several: leave it out";
  if (measure !== "") throw invalidField("measure", one);
  if (quality) throw invalidField("quality", one);
  if (inputUrl !== "") throw invalidField("inputs", "cannot stand beside input_url: leave one of both out");
  if (clip) throw invalidField("clip", "is of one source: say it inside of inputs, of each for itself");
  if (workers > 1) throw invalidField("workers", "a film of several inputs is encoded by one worker: leave it out");
}

/** Throws when sources cannot be joined for a preset. */
export function checkJoining(preset: Preset) {
  const why = whyNot(preset);
  if (why !== undefined)
    throw invalidField("inputs", `cannot be joined by preset ${preset.name}: ${why}; use another preset`);
}

function whyNot(preset: Preset): string | undefined {
  if ("ffmpeg_args" in preset) return "its own arguments read one source";
  if (preset.measure) return "it measures the quality against one source";
  return preset.quality || isAdaptive(preset) ? "it tries a sample of one source" : undefined;
}
