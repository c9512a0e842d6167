import type { JobRequestInit } from "#controlplane/dispatch/offer.ts";
import { Fault } from "#shared/fault.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Lookup } from "./lookup.ts";

/** The order that repeats an ended job. */
export async function orderAgain(jobId: string, find: Lookup["find"], timeoutMs: number): Promise<JobRequestInit> {
  const { event, order, isSourceRedacted } = await find(jobId);
  if (!isFinal(event.status)) throw new Fault("conflict", "the job has not ended");
  if (!order || isSourceRedacted)
    throw new Fault("conflict", "the job's source address is not kept in full; post the order again");
  return { ...order, idempotencyKey: "", retryOf: jobId, timeoutMs: BigInt(timeoutMs) };
}
