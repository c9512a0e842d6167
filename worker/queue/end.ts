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

/** The end of a job from a waiting room. Each waits however long the storage refuses it, and throws the signal's reason when that aborts. */
export type QueueEnding = {
  /** Claims the end for this worker. Resolves with whether it has it. */
  claim(signal: AbortSignal): Promise<boolean>;
  /**
   * Fixes the final event, before anybody is told of it. Resolves with the one that is fixed, which is an earlier one
   * after a crash; undefined when the job was given another because this worker was taken for lost.
   */
  fix(event: JobEvent, signal: AbortSignal): Promise<JobEvent | undefined>;
};

type Deps = { handOvers: HandOvers; log: Log };

/** Undefined for a job that comes from no waiting room: its end is its worker's. */
export function makeQueueEnding(order: Order, step: Step, { handOvers, log }: Deps): QueueEnding | undefined {
  const handOver = handOverOf(order);
  if (!handOver) return undefined;
  const { jobId } = order;
  const { number, admission } = handOver;
  const end = { by: "worker", admission, number } as const;
  const onRetry = (err: unknown) =>
    log.warn({ ...jobFields(order), err }, "it cannot be decided yet who ends the job; trying again");
  const inTime = () => AbortSignal.timeout(requestTimeoutMs);
  let isOurs: boolean | undefined;
  return {
    async claim(signal) {
      const claim = () => handOvers.claimEnd(jobId, end, inTime());
      isOurs ??= (await surely(() => step("claim-end", claim), signal, onRetry)) === undefined;
      return isOurs;
    },
    fix: (event, signal) =>
      surely(() => step("fix-event", () => fixedEvent(order, event, handOvers, inTime())), signal, onRetry),
  };
}

/**
 * Fixes the final event of a job. Resolves with the one that is fixed; undefined when the job was given another. Throws
 * what the storage throws.
 */
export async function fixedEvent(order: Order, event: JobEvent, handOvers: HandOvers, signal: AbortSignal) {
  const handOver = handOverOf(order);
  if (!handOver) return event;
  const { number, admission } = handOver;
  const end = { by: "worker", admission, number, event } as const;
  const fixed = await handOvers.fixEvent(order.jobId, end, signal);
  return isSameEnd(fixed, end) ? fixed.event : undefined;
}

/**
 * The final event of a job that is to run again, where it has one already. Throws `conflict` when another ends the job:
 * nothing more need be done for it.
 */
export async function decidedEnd(
  order: Order,
  signal: AbortSignal,
  { handOvers, log }: Deps,
): Promise<JobEvent | undefined> {
  const admission = handOverOf(order)?.admission;
  if (admission === undefined) return undefined;
  const { jobId } = order;
  const ours = { by: "worker", admission } as const;
  const onRetry = (err: unknown) =>
    log.warn({ ...jobFields(order), err }, "it cannot be told yet whether the job has ended; trying again");
  const ask = async (read: HandOvers["readEnd"]) => {
    const found = await surely(() => read(jobId, AbortSignal.timeout(requestTimeoutMs)), signal, onRetry);
    if (found && !isSameEnd(found, ours)) throw endedElsewhere();
    return found;
  };
  if (!(await ask(handOvers.readEnd))) return undefined;
  return (await ask(handOvers.readEvent))?.event;
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
  const fixed = await handOvers.readEvent(last.jobId, signal);
  const event = end?.event ?? fixed?.event ?? (await records.read(last.jobId, signal))?.event;
  const known = event && isFinal(event.status) ? event : unknownEnd(last, now());
  return { ...known, sequence: Math.max(known.sequence, last.sequence + 1) };
}

const unknownEnd = (last: JobEvent, now: number): JobEvent => ({
  ...{ jobId: last.jobId, sequence: last.sequence + 1, attempt: last.attempt, status: "failed" },
  timestamp: new Date(now).toISOString(),
  error: { kind: "worker_lost", message: "another has ended the job, and does not say how" },
});
