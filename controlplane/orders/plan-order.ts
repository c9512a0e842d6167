import * as v from "valibot";
import { optional } from "#shared/described.ts";
import { ClipOrder } from "#shared/job/clip.ts";
import { Params } from "#shared/job/params.ts";
import { pictureFields } from "#shared/job/picture.ts";
import { SoundOrder } from "#shared/job/sound-order.ts";
import { Thumbnails } from "#shared/job/thumbnails.ts";
import { inputsField } from "./inputs.ts";
import { type CheckInput, inputUrl, presetName } from "./order.ts";
import { overlayField } from "./overlay.ts";
import { issuesIn, sourceConflicts } from "./source-conflicts.ts";

/** What a client posts for a dry run. The URL is checked here too if a check is given. */
export const planOrder = ({ checkInput }: { checkInput?: CheckInput } = {}) =>
  v.pipe(
    v.strictObject(
      {
        input_url: v.exactOptional(inputUrl(checkInput)),
        inputs: inputsField(inputUrl(checkInput)),
        preset: v.exactOptional(presetName),
        params: optional(Params, "As params of an order; a preset that does not take them says so.", { size: 480 }),
        clip: optional(ClipOrder, "The part of the source that would be encoded, as clip of an order.", { start: 90 }),
        ...pictureFields,
        overlay: overlayField(inputUrl(checkInput)),
        thumbnails: optional(Thumbnails, "As thumbnails of an order.", { times: [12.5] }),
        audio: optional(SoundOrder, "As audio of an order.", { tracks: ["en"] }),
      },
      "must be a JSON object",
    ),
    v.rawCheck(({ dataset, addIssue }) => {
      for (const issue of issuesIn(dataset.value, sourceConflicts)) addIssue(issue);
    }),
    v.metadata({ examples: [{ input_url: "https://example.com/source.mp4" }] }),
  );
export type PlanOrder = v.InferOutput<ReturnType<typeof planOrder>>;
