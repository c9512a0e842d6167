import { fieldFault } from "#shared/fault.ts";
import type { Order } from "#shared/job/order.ts";
import type { HandOver, HandOvers } from "#shared/queue/hand-overs.ts";

const claimTimeoutMs = 10_000;

/** The hand-over of an order that comes from a waiting room; undefined for all others. */
export function handOverOf({ queueTry, queueAddress, queueAdmission }: Order): HandOver | undefined {
  if (!queueTry || !queueAddress || !queueAdmission) return undefined;
  return { number: queueTry, address: queueAddress, admission: queueAdmission };
}

/**
 * Claims a hand-over for this worker. Throws `conflict`, with the field that is to blame, when another submission has it or
 * when the job has ended: it must not be accepted then.
 */
export async function claimHandOver(jobId: string, handOver: HandOver, handOvers: HandOvers) {
  const signal = AbortSignal.timeout(claimTimeoutMs);
  if (!(await handOvers.claim(jobId, handOver, signal)))
    throw fieldFault("conflict", "queue_try", "another submission has this hand-over");
  // Who ends a job without a worker looks for no claim.
  if (await handOvers.readEnd(jobId, signal))
    throw fieldFault("conflict", "queue_end", "the job has ended, or is being ended");
}
