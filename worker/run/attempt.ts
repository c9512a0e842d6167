import { retry } from "#shared/async/retry.ts";
import { ignoring } from "#shared/errors.ts";
import { Fault, toFault } from "#shared/fault.ts";
import type { JobEvent, JobUpdate } from "#shared/job/event.ts";
import { jobFields, type Log } from "#shared/log.ts";
import type { Records } from "#shared/records.ts";
import { asDiskFull } from "#worker/disk-space.ts";
import { type Release, releaseInTime } from "#worker/exit.ts";
import type { Job } from "#worker/job/job.ts";
import { makeReporter, type Reporter } from "#worker/job/reporter.ts";
import { receiptOf } from "#worker/receipt/receipt.ts";
import { savedOften } from "#worker/receipt/saved.ts";
import { untilStopped } from "#worker/retry-policy.ts";
import { startDeadline } from "./deadline.ts";

/** What an attempt does: all steps of a job, or those that are left after a crash. Returns the final update. */
export type Work = (job: Job, reporter: Reporter) => Promise<JobUpdate>;

/** Cleans up after a job that ends without success; returns the fault for its final event. */
type RetainOrDiscard = (job: Job, fault: Fault) => Promise<Fault>;

export type AttemptDeps = {
  retainOrDiscard: RetainOrDiscard;
  records: Records;
  /** What a worker costs, in any currency; undefined leaves the price out of receipts. */
  pricePerHour?: number | undefined;
  /** The time in Unix milliseconds. */
  now(): number;
  log: Log;
};

const recordTimeoutMs = 60_000;

/** The outcome of an attempt at a job that another has ended. */
export const foreign = Symbol("ended by another");

/**
 * Runs one attempt within the deadline, and writes its outcome to the disk before it is published. The slot is released
 * when the work is over. Returns the final event; undefined when a drain stopped the attempt: the job is to run again; or
 * `foreign` when its end is not this worker's. `release` is called when that takes long to find out.
 */
export async function runAttempt(
  job: Job,
  number: number,
  work: Work,
  deps: AttemptDeps,
  { slot, release = () => {} }: { slot?: Disposable; release?: Release } = {},
) {
  const { retainOrDiscard, records, pricePerHour, now, log } = deps;
  const { order, journal, meter, feed } = job;
  const reporter = makeReporter(order, number, feed, now);
  if (number === 1) reporter.report({ status: "queued" });

  await using _saved = savedOften(() => journal.usage(meter.usage()));
  const outcome = await meter.attempt(() => settled(job, () => work(job, reporter)));
  // Cleaning up and writing the outcome may take as long as the storage takes: other jobs need not wait for that.
  slot?.[Symbol.dispose]();
  const { queueEnding: ending, stopSignal } = job;
  if (outcome instanceof Fault && stopSignal.aborted) return leaveToNext(job, log);
  const isOurs = await unlessStopped(job, release, async () => !ending || ending.claim(stopSignal));
  if (isOurs === undefined) return leaveToNext(job, log);
  if (!isOurs) return foreign;
  if (outcome instanceof Fault) {
    log.warn({ ...jobFields(order), err: outcome, cause: outcome.cause }, "the job ends without success");
  }
  const update = outcome instanceof Fault ? failureEvent(job, await retainOrDiscard(job, outcome)) : outcome;
  const receipt = receiptOf(meter.usage(), { attempts: number, coldStartMs: order.coldStartMs, pricePerHour });
  const event = reporter.toEvent({ receipt, ...update });
  await writeEnd(job, event, { records, log });
  return (await unlessStopped(job, release, () => fixedEnd(job, event))) ?? leaveToNext(job, log);
}

/** The final event of a job that is fixed before anybody is told of it, or `foreign`. */
const fixedEnd = async ({ queueEnding, stopSignal }: Job, event: JobEvent) =>
  queueEnding ? ((await queueEnding.fix(event, stopSignal)) ?? foreign) : event;

/** Leaves a job that was stopped on the disk, where the next process takes it up. */
async function leaveToNext({ journal, order, feed }: Job, log: Log): Promise<undefined> {
  await journal
    .drained()
    .catch((err) => log.error({ ...jobFields(order), err }, "the drain will be taken for a crash"));
  feed.close();
}

/** What is decided of the end of a job; undefined when the job's stop comes before that is certain. */
async function unlessStopped<T>({ stopSignal }: Job, release: Release, decide: () => Promise<T>) {
  using _limit = releaseInTime(release);
  return await decide().catch(ignoring(() => stopSignal.aborted));
}

async function settled(job: Job, work: () => Promise<JobUpdate>): Promise<JobUpdate | Fault> {
  using _deadline = startDeadline(job);
  try {
    return await work();
  } catch (error) {
    // Streams and timers only throw that they were aborted; the signal has the reason.
    return error instanceof Fault || !job.signal.aborted
      ? toFault(asDiskFull(error, "the job"))
      : toFault(job.signal.reason);
  }
}

function failureEvent({ sources }: Job, { kind, message, fields }: Fault): JobUpdate {
  const error = { kind, message, ...(fields.length > 0 && { errors: [...fields] }) };
  if (kind === "cancelled") return { status: "cancelled", error };
  return { status: "failed", error, ...sources };
}

/** Resolves when the outcome is stored: in the journal or, if the disk refuses it, in the record. */
async function writeEnd(job: Job, event: JobEvent, { records, log }: Pick<AttemptDeps, "records" | "log">) {
  const { journal, order, stopSignal } = job;
  const write = async () => {
    try {
      await journal.end(event);
    } catch {
      // The disk may be full: the output is no longer needed.
      await journal.clear();
      await journal.end(event);
    }
  };
  const record = async (err: unknown) => {
    log.error({ ...jobFields(order), err }, "the outcome cannot be journaled");
    const fixed = await fixedEnd(job, event);
    if (fixed !== foreign) await records.write({ order, event: fixed }, AbortSignal.timeout(recordTimeoutMs));
  };
  const onRetry = (err: unknown) => log.error({ ...jobFields(order), err }, "the outcome cannot be kept anywhere yet");
  await retry(() => write().catch(record), untilStopped(stopSignal, onRetry));
}
