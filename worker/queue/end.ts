import { Fault } from "#shared/fault.ts";
import type { JobEvent } from "#shared/job/event.ts";
import type { Order } from "#shared/job/order.ts";
import { isFinal } from "#shared/job/status.ts";
import { jobFields, type Log } from "#shared/log.ts";
import { type HandOvers, isSameEnd } from "#shared/queue/hand-overs.ts";
import type { Records } from "#shared/records.ts";
import type { Step } from "#worker/job/steps.ts";
import { surely } from "#worker/retry-policy.ts";
import { handOverOf } from "./hand-over.ts";

const requestTimeoutMs = 60_000;

/**
 * Claims the end of a job from a waiting room for this worker, however long the storage refuses that. Resolves with whether
 * it has it; throws the signal's reason when that aborts.
 */
export type ClaimEnd = (signal: AbortSignal) => Promise<boolean>;

type Deps = { handOvers: HandOvers; log: Log };

/** Undefined for a job that comes from no waiting room: its end is its worker's. */
export function makeClaimEnd(order: Order, step: Step, { handOvers, log }: Deps): ClaimEnd | undefined {
  const handOver = handOverOf(order);
  if (!handOver) return undefined;
  const { number, admission } = handOver;
  const end = { by: "worker", admission, number } as const;
  const onRetry = (err: unknown) =>
    log.warn({ ...jobFields(order), err }, "it cannot be decided yet who ends the job; trying again");
  const claim = async () => handOvers.claimEnd(order.jobId, end, AbortSignal.timeout(requestTimeoutMs));
  let isOurs: boolean | undefined;
  return async (signal) => {
    isOurs ??= (await surely(() => step("claim-end", claim), signal, onRetry)) === undefined;
    return isOurs;
  };
}

/** Throws `conflict` when another ends a job that is to run again: nothing more need be done for it. */
export async function checkNotEnded(order: Order, signal: AbortSignal, { handOvers, log }: Deps) {
  const admission = handOverOf(order)?.admission;
  if (admission === undefined) return;
  const onRetry = (err: unknown) =>
    log.warn({ ...jobFields(order), err }, "it cannot be told yet whether the job has ended; trying again");
  const read = () => handOvers.readEnd(order.jobId, AbortSignal.timeout(requestTimeoutMs));
  const end = await surely(read, signal, onRetry);
  if (end && !isSameEnd(end, { by: "worker", admission })) throw endedElsewhere();
}

export const endedElsewhere = () => new Fault("conflict", "another has ended the job");

/**
 * The final event that another has given a job, as a continuation of the events that were seen here. Throws when it cannot
 * be read at present.
 */
export async function foreignEnd(
  last: JobEvent,
  { handOvers, records, now }: { handOvers: HandOvers; records: Records; now(): number },
): Promise<JobEvent> {
  const signal = AbortSignal.timeout(requestTimeoutMs);
  const end = await handOvers.readEnd(last.jobId, signal);
  const told = typeof end === "object" ? end.event : undefined;
  const event = told ?? (await records.read(last.jobId, signal))?.event;
  const known = event && isFinal(event.status) ? event : unknownEnd(last, now());
  return { ...known, sequence: Math.max(known.sequence, last.sequence + 1) };
}

const unknownEnd = (last: JobEvent, now: number): JobEvent => ({
  ...{ jobId: last.jobId, sequence: last.sequence + 1, attempt: last.attempt, status: "failed" },
  timestamp: new Date(now).toISOString(),
  error: { kind: "worker_lost", message: "another has ended the job, and does not say how" },
});
