import { clipFromMessage } from "#shared/job/clip.ts";
import { outputTypes } from "#shared/job/event.ts";
import { metrics } from "#shared/job/metric.ts";
import { int32 } from "#shared/job/number.ts";
import { type Order, workersChoice } from "#shared/job/order.ts";
import { statusesAmong } from "#shared/job/status.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { inputsFromMessage } from "#shared/rpc/inputs-message.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { overlaysFromMessage } from "#shared/rpc/overlay-message.ts";
import { paramsFromMessage } from "#shared/rpc/params-message.ts";
import { pictureFromMessage } from "#shared/rpc/picture-message.ts";
import { soundFromMessage } from "#shared/rpc/sound-message.ts";
import { subtitlesFromMessage } from "#shared/rpc/subtitles-message.ts";
import { thumbnailsFromMessage } from "#shared/rpc/thumbnails-message.ts";
import { isStorageName } from "#shared/storage/kinds.ts";

/** The order of a job that no worker has accepted, as its record keeps it: what only a worker can fill in is `unchosen`. */
export function unacceptedOrder(jobId: string, request: JobRequestInit): Order {
  const { storage = "", path = "", type = "", metadata = {}, publish, overwrite = false } = request.output ?? {};
  const storageName = isStorageName(storage) ? storage : undefined;
  const outputType = outputTypes.find((name) => name === type);
  const {
    inputUrl = "",
    preset = "",
    tenant,
    callbackUrl,
    claimKey,
    callbackEvents = [],
    retryOf,
    timeoutMs = 0n,
  } = request;
  const chosen = { storage: storageName, path, type: outputType };
  return {
    ...{ jobId, inputUrl, preset, callbackEvents: statusesAmong(callbackEvents) },
    output: {
      storage: storageName ?? "local",
      path,
      type: outputType ?? "single",
      metadata,
      publish: publish === "progressive" ? "progressive" : "atomic",
      overwrite,
    },
    ...omitEmpty({ tenant, callbackUrl, claimKey, retryOf, timeoutMs: int32(Number(timeoutMs)) }),
    ...encodeOf(request),
    unchosen: workersChoice.filter((name) => !chosen[name]),
  };
}

/** How it was to be encoded and measured, so that a repeat of the order says it again. */
const encodeOf = ({
  quality,
  measure,
  params,
  picture,
  thumbnails,
  overlay,
  subtitles,
  clip,
  inputs,
  audio,
  workers,
}: JobRequestInit): Partial<Order> =>
  omitEmpty({
    quality: quality?.vmaf === undefined ? undefined : { vmaf: quality.vmaf },
    measure: metrics.find((metric) => metric === measure),
    params: paramsFromMessage(params),
    picture: pictureFromMessage(picture),
    thumbnails: thumbnailsFromMessage(thumbnails),
    overlay: overlaysFromMessage(overlay),
    subtitles: subtitlesFromMessage(subtitles),
    clip: clip && clipFromMessage(clip),
    inputs: inputsFromMessage(inputs),
    audio: soundFromMessage(audio),
    workers,
  });
