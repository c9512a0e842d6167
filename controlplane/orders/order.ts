import * as v from "valibot";
import { described, describedUrl, optional } from "#shared/described.ts";
import { type Fault, faultIn } from "#shared/fault.ts";
import { ClipOrder } from "#shared/job/clip.ts";
import { metrics } from "#shared/job/metric.ts";
import { Params } from "#shared/job/params.ts";
import { pictureFields } from "#shared/job/picture.ts";
import { priorities } from "#shared/job/priority.ts";
import { QualityTarget } from "#shared/job/quality-target.ts";
import { SoundOrder } from "#shared/job/sound-order.ts";
import { jobStatuses } from "#shared/job/status.ts";
import { thumbnailsField } from "#shared/job/thumbnails.ts";
import { oneOf } from "#shared/schemas.ts";
import { conflictsIn } from "./conflicts.ts";
import { inputsField } from "./inputs.ts";
import { outputField } from "./output.ts";
import { overlayField } from "./overlay.ts";
import { subtitlesField } from "./subtitles.ts";

/** Checks and normalises a URL; throws `invalid` for one that may not be fetched from or posted to. */
export type CheckInput = (url: string) => string;

const url = v.pipe(v.string("must be a string"), v.maxLength(8_192, "is longer than 8192 characters"));

/**
 * A URL that passes the rules. The check runs again when the order is made; here its message is reported together with
 * all other mistakes.
 */
const urlAs = (check: CheckInput | undefined) =>
  v.pipe(
    url,
    v.rawCheck(({ dataset, addIssue }) => {
      const fault = dataset.typed && !dataset.issues && check ? faultIn(() => check(dataset.value)) : undefined;
      if (fault) addIssue({ message: messageOf(fault) });
    }),
  );

const callbackUrl = (check?: CheckInput) =>
  describedUrl(
    urlAs(check),
    "Where the job's final event is posted, at most 8192 characters.",
    "https://example.com/webhook",
  );

/** What a retry changes in the order of an ended job. */
export const RetryOrder = v.strictObject(
  {
    callback_url: v.exactOptional(callbackUrl()),
    overwrite: optional(
      v.boolean("must be true or false"),
      "As output.overwrite of an order: replaces a segmented output that is already there, such as the ended job's own. Default: as the ended job had it.",
      true,
    ),
  },
  "must be a JSON object",
);
export type RetryOrder = v.InferOutput<typeof RetryOrder>;

/** Where a source is. */
export const inputUrl = (check?: CheckInput) =>
  describedUrl(
    urlAs(check),
    "Where the source is: http or https unless the service allows more, or upload: and the id of a finished upload; at most 8192 characters.",
    "https://example.com/source.mp4",
  );

export const presetName = described(
  v.pipe(v.string("must be a string"), v.nonEmpty("must not be empty"), v.maxLength(64, "is too long")),
  "The name of a preset, as GET /api/v1/presets lists them; 1 to 64 characters.",
  "720p_h264",
);

type Checks = { checkInput?: CheckInput; checkCallback?: CheckInput; uploadPrefix?: string | undefined };

/** The order that a client posts. URLs are checked here too if checks are given. */
export const jobOrder = (recordPrefix: string, { checkInput, checkCallback, uploadPrefix }: Checks = {}) =>
  v.pipe(
    v.strictObject(
      {
        input_url: v.exactOptional(inputUrl(checkInput)),
        inputs: inputsField(inputUrl(checkInput)),
        preset: presetName,
        output: outputField(recordPrefix, uploadPrefix),
        priority: optional(
          oneOf(priorities),
          "Where orders wait for a worker: those of a higher priority are taken first. Default: normal.",
          "normal",
        ),
        measure: optional(
          oneOf(metrics),
          "Measures the quality of each rendition with pictures against the source before anything is shown: by VMAF, for which a worker needs an ffmpeg with libvmaf, or by SSIM. Not with output.publish progressive. Default: the preset's, else it is not measured.",
          "vmaf",
        ),
        quality: optional(
          QualityTarget,
          "The mean VMAF, from 30 to 97, that the film is to have: its CRF is found by trying a sample of it, within 6 of the preset's. Needs a preset with video of its own settings. Default: the preset's.",
          { vmaf: 93 },
        ),
        params: optional(
          Params,
          "What of the preset's settings this order changes, within what the preset and the client's tenant allow; see docs/orders.md. Not for presets of arguments of their own.",
          { crf: 20, size: 480 },
        ),
        ...pictureFields,
        thumbnails: thumbnailsField,
        overlay: overlayField(inputUrl(checkInput)),
        subtitles: subtitlesField(inputUrl(checkInput)),
        audio: optional(
          SoundOrder,
          "Which sounds of the source are taken, and how many channels they have. Default: as the preset has it.",
          { tracks: ["en", "de"], channels: "source" },
        ),
        workers: optional(
          v.pipe(
            v.number("must be a number"),
            v.integer("must be a whole number"),
            v.minValue(1, "must be from 1 to 32"),
            v.maxValue(32, "must be from 1 to 32"),
          ),
          "How many workers may encode the film at a time, from 1 to 32: a longer film is cut into pieces that they share. Needs a preset with video of its own settings; not with output.publish progressive. Default: SPLIT_WORKERS, where the film can be shared.",
          4,
        ),
        clip: optional(
          ClipOrder,
          "The part of the source that is encoded, to the picture: times count from the source's beginning as players show it. Default: all of it.",
          { start: "00:01:30", end: "00:02:00" },
        ),
        callback_url: v.exactOptional(callbackUrl(checkCallback)),
        callback_events: optional(
          v.pipe(
            v.array(oneOf(jobStatuses), "must be a list of statuses"),
            v.maxLength(jobStatuses.length, `has more than the ${jobStatuses.length} statuses that there are`),
            v.check((events) => new Set(events).size === events.length, "names a status twice"),
          ),
          "Each of the statuses, once, at whose beginning callback_url is told, besides the final one; needs callback_url.",
          ["processing"],
        ),
      },
      "must be a JSON object",
    ),
    v.rawCheck(({ dataset, addIssue }) => {
      for (const issue of conflictsIn(dataset.value)) addIssue(issue);
    }),
    v.metadata({ examples: [{ input_url: "https://example.com/source.mp4", preset: "720p_h264" }] }),
  );
export type JobOrder = v.InferOutput<ReturnType<typeof jobOrder>>;

/** What a fault says of its first field; the fault itself where it names none. */
export const messageOf = ({ fields, message }: Fault) => fields[0]?.message ?? message;
