import type { MessageInitShape } from "@bufbuild/protobuf";
import type { JobRequestSchema } from "#proto/worker/v1/worker_pb.js";
import { int32 } from "#shared/job/number.ts";
import type { Order } from "#shared/job/order.ts";

/** What a worker is asked to do, before it is known which. */
export type JobRequestInit = Omit<MessageInitShape<typeof JobRequestSchema>, "jobId" | "$typeName">;

/** An accepted order as it travels: without its id, and without the key by which only its client may find it. */
export function orderToMessage(order: Order): JobRequestInit {
  const { jobId: _, idempotencyKey: __, traceparent: ___, timeoutMs = 0, coldStartMs = 0, ...same } = order;
  return { ...same, timeoutMs: BigInt(int32(timeoutMs)), coldStartMs: BigInt(int32(coldStartMs)) };
}
