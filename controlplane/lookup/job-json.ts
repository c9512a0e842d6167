import * as v from "valibot";
import { described, describedUrl, optional } from "#shared/described.ts";
import { ClipJson, clipFromMessage } from "#shared/job/clip.ts";
import { EventJson, eventToJson } from "#shared/job/event.ts";
import { snakeKeys } from "#shared/job/field-names.ts";
import { Inputs } from "#shared/job/inputs.ts";
import { Overlays } from "#shared/job/overlay.ts";
import { Params } from "#shared/job/params.ts";
import { pictureFields } from "#shared/job/picture.ts";
import { QualityTarget } from "#shared/job/quality-target.ts";
import { SoundOrder } from "#shared/job/sound-order.ts";
import { Subtitles } from "#shared/job/subtitles.ts";
import { Thumbnails } from "#shared/job/thumbnails.ts";
import { withoutSecrets } from "#shared/log.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { inputsFromMessage } from "#shared/rpc/inputs-message.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { overlaysFromMessage } from "#shared/rpc/overlay-message.ts";
import { paramsFromMessage } from "#shared/rpc/params-message.ts";
import { pictureFromMessage } from "#shared/rpc/picture-message.ts";
import { soundFromMessage } from "#shared/rpc/sound-message.ts";
import { subtitlesFromMessage } from "#shared/rpc/subtitles-message.ts";
import { thumbnailsFromMessage } from "#shared/rpc/thumbnails-message.ts";
import type { ListedJob } from "./list.ts";

const OrderSummary = v.object({
  input_url: describedUrl(
    v.string(),
    "Where the source is, without user info, query and fragment; empty where several are joined.",
    "https://example.com/source.mp4",
  ),
  preset: described(v.string(), "The preset that was asked for.", "720p_h264"),
  output: v.exactOptional(
    v.object({
      storage: optional(v.string(), "The storage that was asked for.", "s3"),
      path: optional(v.string(), "The key that was asked for.", "outputs/video_123.mp4"),
      metadata: optional(v.record(v.string(), v.string()), "What was to be kept with it.", { title: "Sample" }),
    }),
  ),
  quality: optional(QualityTarget, "The quality that was asked for.", { vmaf: 93 }),
  params: optional(Params, "What of the preset's settings was changed.", { crf: 20 }),
  clip: optional(ClipJson, "The part of the source that was asked for; absent: all of it.", { start: 90, end: 120 }),
  inputs: optional(
    Inputs,
    "The sources that are joined to one film, in order; URLs without user info, query and fragment.",
    [{ url: "https://example.com/first.mp4" }, { url: "https://example.com/second.mp4" }],
  ),
  ...pictureFields,
  thumbnails: optional(Thumbnails, "The pictures beside the film that were asked for.", { times: [12.5] }),
  overlay: optional(Overlays, "What is laid over the picture; URLs without user info, query and fragment.", [
    { url: "https://example.com/logo.png" },
  ]),
  subtitles: optional(Subtitles, "The subtitles that were asked for; URLs without user info, query and fragment.", [
    { url: "https://example.com/film.de.srt", language: "de" },
  ]),
  audio: optional(SoundOrder, "The sounds and channels that were asked for.", { tracks: ["en"] }),
  workers: optional(v.number(), "How many workers may encode the film at a time; absent: one.", 4),
  tenant: optional(v.string(), "Whose job this is.", "acme"),
  retry_of: optional(
    v.string(),
    "The ended job that this one repeats.",
    "1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90",
  ),
});

type OrderSummary = v.InferOutput<typeof OrderSummary>;

/** A job as REST shows it: its latest event and, if it is known, its order. */
export const JobJson = v.object({ ...EventJson.entries, order: v.exactOptional(OrderSummary) });

export const jobToJson = ({ event, order }: ListedJob): v.InferOutput<typeof JobJson> => ({
  ...eventToJson(event),
  ...(order && { order: orderSummary(order) }),
});

const mostInList = 32 * 1024;
const mostText = 2_000;

/** The same for a list, where a job with very long texts is shortened so that it does not fill the page. */
export function listedToJson(job: ListedJob): v.InferOutput<typeof JobJson> {
  const json = withoutSeries(jobToJson(job));
  if (JSON.stringify(json).length <= mostInList) return json;
  const { job_id, sequence, status, attempt, timestamp, error, order } = json;
  return {
    ...{ job_id, sequence, status, attempt, timestamp },
    ...(error && { error: { kind: error.kind, message: error.message.slice(0, mostText) } }),
    ...(order && {
      order: {
        input_url: order.input_url.slice(0, mostText),
        preset: order.preset.slice(0, mostText),
        ...(order.tenant && { tenant: order.tenant.slice(0, mostText) }),
      },
    }),
  };
}

/** Figures over time are for who looks at one job. */
function withoutSeries({ outputs, quality, ...json }: v.InferOutput<typeof JobJson>): v.InferOutput<typeof JobJson> {
  const renditions = outputs?.renditions.map(({ bit_rates: _, ...rendition }) => rendition) ?? [];
  const measured = quality?.renditions.map(({ scores: _, ...rendition }) => rendition) ?? [];
  return {
    ...json,
    ...(outputs && { outputs: { ...outputs, renditions } }),
    ...(quality && { quality: { ...quality, renditions: measured } }),
  };
}

const withoutSecretsIn = <T extends { url: string }>(fetched: readonly T[] | undefined) =>
  fetched?.map((one) => ({ ...one, url: withoutSecrets(one.url) }));

function orderSummary({
  inputUrl = "",
  preset = "",
  output,
  quality,
  params,
  clip,
  inputs,
  picture,
  thumbnails,
  overlay,
  subtitles,
  audio,
  workers,
  tenant,
  retryOf,
}: JobRequestInit) {
  const { storage, path, metadata } = output ?? {};
  const asked = omitEmpty({ storage, path, metadata });
  const target = quality?.vmaf === undefined ? undefined : { vmaf: quality.vmaf };
  const same = omitEmpty({
    output: asked,
    quality: target,
    params: paramsFromMessage(params),
    clip: clip && clipFromMessage(clip),
    thumbnails: thumbnailsFromMessage(thumbnails),
    audio: soundFromMessage(audio),
    workers,
    tenant,
    retryOf,
  });
  const laidOver = withoutSecretsIn(overlaysFromMessage(overlay));
  const joined = withoutSecretsIn(inputsFromMessage(inputs));
  const shown = subtitlesFromMessage(subtitles)?.map(({ url, ...rest }) => ({
    ...(url !== undefined && { url: withoutSecrets(url) }),
    ...rest,
  }));
  const pictured = {
    ...same,
    ...pictureFromMessage(picture),
    ...(joined && { inputs: joined }),
    ...(laidOver && { overlay: laidOver }),
    ...(shown && { subtitles: shown }),
  };
  return snakeKeys<OrderSummary>({ inputUrl: joined ? "" : withoutSecrets(inputUrl), preset, ...pictured });
}
