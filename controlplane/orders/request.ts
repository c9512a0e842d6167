import { Fault, invalidField } from "#shared/fault.ts";
import { camelKeys } from "#shared/job/field-names.ts";
import { type InputPart, sourcesOf } from "#shared/job/inputs.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { overlaysToMessage } from "#shared/rpc/overlay-message.ts";
import { paramsToMessage } from "#shared/rpc/params-message.ts";
import { soundToMessage } from "#shared/rpc/sound-message.ts";
import { subtitlesToMessage } from "#shared/rpc/subtitles-message.ts";
import { thumbnailsToMessage } from "#shared/rpc/thumbnails-message.ts";
import { type CheckInput, type JobOrder, messageOf } from "./order.ts";
import { withPictureApart } from "./picture.ts";

/**
 * How an order is checked and completed when it becomes a request for a worker. `splitWorkers`: how many may encode a film
 * where the order does not say it.
 */
export type OrderRules = { checkInput: CheckInput; checkCallback: CheckInput; timeoutMs: number; splitWorkers: number };

/** Makes the request for a worker of a posted order. */
export function orderFrom(
  posted: JobOrder,
  { checkInput, checkCallback, timeoutMs, splitWorkers }: OrderRules,
): JobRequestInit {
  const { callbackUrl, params, thumbnails, overlay, subtitles, audio, ...same } = camelKeys(withPictureApart(posted));
  return {
    ...same,
    ...checkedSources(same, checkInput),
    ...(callbackUrl !== undefined && { callbackUrl: checked("callback_url", callbackUrl, checkCallback) }),
    ...(params && { params: paramsToMessage(params) }),
    ...(thumbnails && { thumbnails: thumbnailsToMessage(thumbnails) }),
    ...checkedOverlays({ overlay }, checkInput),
    ...(audio && { audio: soundToMessage(audio) }),
    ...(subtitles && {
      subtitles: subtitlesToMessage(
        subtitles.map(({ url, ...one }, at) => ({
          ...one,
          ...(url !== undefined && { url: checked(`subtitles.${at}.url`, url, checkInput) }),
        })),
      ),
    }),
    ...(posted.workers === undefined && splitWorkers > 1 && { splitWorkers }),
    timeoutMs: BigInt(timeoutMs),
  };
}

/** What a posted order says of its sources, each checked by the name of its own field. */
export function checkedSources(
  { inputUrl = "", inputs }: { inputUrl?: string | undefined; inputs?: readonly InputPart[] | undefined },
  checkInput: CheckInput,
): Pick<JobRequestInit, "inputUrl" | "inputs"> {
  const urls = sourcesOf({ inputUrl, inputs }).map(({ field, url }) => checked(field, url, checkInput));
  return inputs
    ? { inputUrl: "", inputs: inputs.map((one, at) => ({ ...one, url: urls[at] ?? "" })) }
    : { inputUrl: urls[0] ?? "" };
}

/** What a posted order lays over its film, each checked by the name of its own field. */
export const checkedOverlays = (
  { overlay }: { overlay?: JobOrder["overlay"] | undefined },
  checkInput: CheckInput,
): Pick<JobRequestInit, "overlay"> =>
  overlay
    ? {
        overlay: overlaysToMessage(
          overlay.map((one, at) => ({ ...one, url: checked(`overlay.${at}.url`, one.url, checkInput) })),
        ),
      }
    : {};

export function checked(field: string, url: string, check: CheckInput): string {
  try {
    return check(url);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw invalidField(field, messageOf(error));
  }
}
