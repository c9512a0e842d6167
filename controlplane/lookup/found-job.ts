import type { Link } from "#controlplane/workers/link.ts";
import type { GetJobResponse, JobRequest } from "#proto/worker/v1/worker_pb.js";
import type { JobEvent } from "#shared/job/event.ts";
import { timeOf } from "#shared/job/id.ts";
import { eventFromMessage } from "#shared/rpc/event-message.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";

/** What is known of a job that this control plane is not watching. */
export type FoundJob = {
  event: JobEvent;
  /** As far as it is known. */
  order: JobRequestInit | undefined;
  /** Something was removed from input_url, so that the order cannot be repeated as it is. */
  isSourceRedacted: boolean;
  /** The same of callback_url. */
  isCallbackRedacted: boolean;
  /** The worker that has the job; undefined when this comes from its record. */
  holder: Link | undefined;
  /** The worker asked keeps the encoded output, because its delivery failed. */
  isKept: boolean;
};

/** What a worker says of a job: it has it, or has read its record. */
export function foundJobIn(reply: GetJobResponse, link: Link): FoundJob | undefined {
  if (!reply.event) return undefined;
  return {
    event: eventFromMessage(reply.event),
    order: reply.order && requestOf(reply.order),
    isSourceRedacted: reply.sourceRedacted,
    isCallbackRedacted: reply.callbackRedacted,
    holder: reply.held ? link : undefined,
    isKept: reply.kept,
  };
}

/** An order as it came from a worker, without its id. */
export const requestOf = ({ jobId: _, $typeName: __, ...same }: JobRequest): JobRequestInit => same;

/** Whose job an order is; undefined when no order is known, and so nobody's that can be named. */
export const tenantOf = (order: JobRequestInit | undefined) => order && (order.tenant ?? "");

/** The end of a job whose worker is gone, as the event after its last one. */
export const lost = (last: JobEvent, now: number): JobEvent => ({
  ...last,
  sequence: last.sequence + 1,
  status: "failed",
  timestamp: new Date(now).toISOString(),
  message: "The worker is gone",
  error: { kind: "worker_lost", message: "the job's worker is gone and nobody can finish it" },
});

const maxAttempts = 3;

/** When a job that nobody hears of can no longer be running: all its attempts have had their time. */
export const lostAfter = (jobId: string, timeoutMs: number, now: number) =>
  timeoutMs > 0 ? (timeOf(jobId) ?? now) + maxAttempts * timeoutMs : Number.POSITIVE_INFINITY;
