import type { MessageInitShape } from "@bufbuild/protobuf";
import type { JobRequestSchema } from "#proto/worker/v1/worker_pb.js";
import { int32 } from "#shared/job/number.ts";
import type { Order } from "#shared/job/order.ts";
import { overlaysToMessage } from "./overlay-message.ts";
import { paramsToMessage } from "./params-message.ts";
import { soundToMessage } from "./sound-message.ts";
import { subtitlesToMessage } from "./subtitles-message.ts";
import { thumbnailsToMessage } from "./thumbnails-message.ts";

/** The request for a job before the worker is chosen, and with it the job id. */
export type JobRequestInit = Omit<MessageInitShape<typeof JobRequestSchema>, "jobId" | "$typeName">;

/**
 * Makes the message of an accepted order, without its id, without the idempotency key, which only the client may use, and
 * without what only the worker itself needs.
 */
export function orderToMessage(order: Order): JobRequestInit {
  const { jobId: _, idempotencyKey: __, traceparent: ___, queueAdmission: ____, acceptedAt: _____, ...rest } = order;
  const {
    timeoutMs = 0,
    coldStartMs = 0,
    unchosen = [],
    claimKey: ______,
    params,
    thumbnails,
    overlay,
    subtitles,
    audio,
    ...same
  } = rest;
  const output = { ...same.output, ...Object.fromEntries(unchosen.map((name) => [name, ""])) };
  const times = { timeoutMs: BigInt(int32(timeoutMs)), coldStartMs: BigInt(int32(coldStartMs)) };
  return {
    ...same,
    output,
    ...times,
    ...(params && { params: paramsToMessage(params) }),
    ...(thumbnails && { thumbnails: thumbnailsToMessage(thumbnails) }),
    ...(overlay && { overlay: overlaysToMessage(overlay) }),
    ...(subtitles && { subtitles: subtitlesToMessage(subtitles) }),
    ...(audio && { audio: soundToMessage(audio) }),
  };
}
