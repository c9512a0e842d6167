import type { Link } from "#controlplane/workers/link.ts";
import type { GetJobResponse, JobRequest } from "#proto/worker/v1/worker_pb.js";
import type { JobEvent } from "#shared/job/event.ts";
import { timeOf } from "#shared/job/id.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { eventFromMessage } from "#shared/rpc/event-message.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";

/** What a worker or a record tells of a job that this control plane does not follow. */
export type FoundJob = {
  /** The latest event that is known. */
  event: JobEvent;
  /** The order; undefined when it is not known. */
  order: JobRequestInit | undefined;
  /** Whether input_url lacks its secrets, so that the order cannot be repeated as it is. */
  sourceRedacted: boolean;
  /** Whether callback_url lacks its secrets. */
  callbackRedacted: boolean;
  /** The worker that holds the job; undefined when this comes from its record. */
  holder: Link | undefined;
  /** Whether the worker that was asked retains the encoded output, because its delivery failed. */
  kept: boolean;
  /** When a worker took the job from a waiting room, RFC 3339; absent for other jobs. */
  acceptedAt?: string | undefined;
  /** The address of that worker, as its record or a worker tells it, which is not to be trusted. */
  worker?: string | undefined;
};

/** Reads what a worker tells of a job; undefined when it knows nothing of it. */
export function foundJobIn(reply: GetJobResponse, link: Link): FoundJob | undefined {
  const { event, order, held, sourceRedacted, callbackRedacted, kept } = reply;
  if (!event) return undefined;
  return {
    ...{ event: eventFromMessage(event), order: order && requestOf(order), holder: held ? link : undefined },
    ...{ sourceRedacted, callbackRedacted, kept },
    ...omitEmpty({ acceptedAt: event.acceptedAt, worker: order?.queueAddress }),
  };
}

/** The order of a message, without its job id and what told of its hand-over, which a repeat must not have. */
export const requestOf = ({
  jobId: _,
  $typeName: __,
  queueTry: ___,
  queueAddress: ____,
  ...same
}: JobRequest): JobRequestInit => same;

/** The tenant of an order; undefined when the order is not known. */
export const tenantOf = (order: JobRequestInit | undefined) => order && (order.tenant ?? "");

/** The final event of a job whose worker is gone: it follows the last event that is known. */
export const lost = (last: JobEvent, now: number): JobEvent => ({
  ...last,
  sequence: last.sequence + 1,
  status: "failed",
  timestamp: new Date(now).toISOString(),
  message: "The worker is gone",
  error: { kind: "worker_lost", message: "the job's worker is gone and nobody can finish it" },
});

const maxAttempts = 3;

/**
 * When a job that nobody hears of counts as lost, in Unix milliseconds: all its attempts must be over by then. They began
 * when a worker took it, which for a job that waited is long after its id was made.
 */
export function lostAfter(
  { jobId, acceptedAt }: Pick<JobEvent, "jobId" | "acceptedAt">,
  timeoutMs: number,
  now: number,
): number {
  if (timeoutMs <= 0) return Number.POSITIVE_INFINITY;
  const begun = Date.parse(acceptedAt ?? "") || (timeOf(jobId) ?? now);
  return begun + maxAttempts * timeoutMs;
}
