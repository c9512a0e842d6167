import { Fault } from "#shared/fault.ts";
import type { JobEvent, JobUpdate } from "#shared/job/event.ts";
import type { Order } from "#shared/job/order.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Log } from "#shared/log.ts";
import type { HandOvers } from "#shared/queue/hand-overs.ts";
import type { Records } from "#shared/records.ts";
import type { Storages } from "#shared/storage/kinds.ts";
import type { HeadersFor } from "#shared/storage/object-headers.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { publishAgain } from "#worker/delivery/deliver.ts";
import { unstageAll } from "#worker/delivery/leftovers.ts";
import { publishedAlready } from "#worker/delivery/published.ts";
import type { RetainedOutputs } from "#worker/delivery/retained-outputs.ts";
import type { Job } from "#worker/job/job.ts";
import type { Reporter } from "#worker/job/reporter.ts";
import type { Attempt, Journaled } from "#worker/journal/journaled.ts";
import { decidedEnd } from "#worker/queue/end.ts";
import { recordAcceptance } from "./acceptance.ts";
import type { Work } from "./attempt.ts";

const recordTimeoutMs = 10_000;

export type ResumeDeps = {
  /** The configured storages, by name. */
  storages: Storages;
  retained: RetainedOutputs;
  records: Records;
  handOvers: HandOvers;
  /** The headers with which a storage serves an object. */
  headersFor: HeadersFor;
  /** Runs the steps of a new attempt. */
  work: Work;
  /** After so many crashes a job is not run again. */
  maxAttempts: number;
  log: Log;
};

/** The work that is left of a job whose last attempt a crash or a drain has ended. */
export function stepsLeft(found: Journaled, next: Attempt, deps: ResumeDeps): Work {
  const { order, isCancelled } = found;
  return async (job, reporter) => {
    if (!isCancelled) await job.journal.attempt(next);
    const ended = await endBefore(order, job.signal, deps);
    if (ended) return ended;
    await recordAcceptance(job, deps);
    await deps.retained.restore(order.jobId, job.journal);
    const configured = deps.storages.get(order.output.storage);
    const storage = configured && job.meter.storage(configured);
    const published = storage && (await publishWhatWasCommitted(job, reporter, found, storage, deps));
    if (published) return published;
    // Staged files are invisible: that they cannot be removed is no reason to fail.
    if (storage) await unstageStaged(job, storage).catch(() => {});
    job.signal.throwIfAborted();
    const why = whyNotAgain(found, next, deps);
    if (why) throw why;
    return deps.work(job, reporter);
  };
}

const unstageStaged = async ({ journal }: Job, storage: Storage) => unstageAll(storage, await journal.staged());

/** Publishes what a committed job was to publish, and returns its end; undefined when the job has to run again. */
async function publishWhatWasCommitted(
  job: Job,
  reporter: Reporter,
  { publishing }: Journaled,
  storage: Storage,
  { headersFor }: ResumeDeps,
): Promise<JobUpdate | undefined> {
  if (publishing === undefined) return undefined;
  if (publishing !== "damaged") return publishAgain({ job, reporter, storage, headersFor }, publishing);
  return publishedAlready(job, storage);
}

function whyNotAgain({ order, isCancelled }: Journaled, { crashes }: Attempt, { storages, maxAttempts }: ResumeDeps) {
  const { storage } = order.output;
  if (isCancelled) return new Fault("cancelled", "the job was cancelled");
  if (!storages.has(storage)) return new Fault("delivery_failed", `the worker has no storage "${storage}" any more`);
  if (crashes < maxAttempts) return undefined;
  return new Fault("worker_lost", `the worker died ${crashes} times while it ran this job`);
}

/** The end of a job that was decided before a crash, or whose disk refused to journal it. Throws when it is another's. */
async function endBefore(order: Order, signal: AbortSignal, deps: ResumeDeps): Promise<JobUpdate | undefined> {
  const event = (await decidedEnd(order, signal, deps)) ?? (await eventInRecord(order.jobId, deps.records));
  if (!event || !isFinal(event.status)) return undefined;
  const { jobId: _, sequence: __, attempt: ___, timestamp: ____, ...update } = event;
  return update;
}

async function eventInRecord(jobId: string, records: Records): Promise<JobEvent | undefined> {
  const record = await records.read(jobId, AbortSignal.timeout(recordTimeoutMs)).catch(() => undefined);
  return record?.event;
}
