import { retry } from "#shared/async/retry.ts";
import { Fault, toFault } from "#shared/fault.ts";
import type { JobEvent, JobUpdate } from "#shared/job/event.ts";
import { jobFields, type Log } from "#shared/log.ts";
import type { Records } from "#shared/records.ts";
import { asDiskFull } from "#worker/disk-space.ts";
import type { Job } from "#worker/job/job.ts";
import { makeReporter, type Reporter } from "#worker/job/reporter.ts";
import { receiptOf } from "#worker/receipt/receipt.ts";
import { savedOften } from "#worker/receipt/saved.ts";
import { untilStopped } from "#worker/retry-policy.ts";

/** What one attempt does: the steps of a new one, or what is left of one that a crash cut short. */
export type Work = (job: Job, reporter: Reporter) => Promise<JobUpdate>;

/** Cleans up after a job that ends without success; returns the fault for its final event. */
type RetainOrDiscard = (job: Job, fault: Fault) => Promise<Fault>;

export type AttemptTools = {
  retainOrDiscard: RetainOrDiscard;
  records: Records;
  /** What a worker costs, in any currency. */
  pricePerHour?: number | undefined;
  now(): number;
  log: Log;
};

const recordTimeoutMs = 60_000;

/**
 * One attempt: works under the deadline and writes the outcome down before anyone hears of it. The slot is free as soon
 * as the work is over. Returns the last event, or undefined when a drain stopped the attempt, which is then to run again.
 */
export async function runAttempt(job: Job, number: number, work: Work, tools: AttemptTools, slot?: Disposable) {
  const { retainOrDiscard, records, pricePerHour, now, log } = tools;
  const { order, journal, meter, feed } = job;
  const reporter = makeReporter(order, number, feed, now);
  if (number === 1) reporter.report({ status: "queued" });

  await using _saved = savedOften(() => journal.usage(meter.usage()));
  const outcome = await meter.attempt(() => settled(job, () => work(job, reporter)));
  // What is left is to remove and to write down, which may take as long as a storage does.
  slot?.[Symbol.dispose]();
  if (outcome instanceof Fault && job.stopSignal.aborted) {
    await journal
      .drained()
      .catch((err) => log.error({ ...jobFields(order), err }, "the drain will be taken for a crash"));
    feed.close();
    return undefined;
  }
  if (outcome instanceof Fault) {
    log.warn({ ...jobFields(order), err: outcome, cause: outcome.cause }, "the job ends without success");
  }
  const update = outcome instanceof Fault ? failureEvent(await retainOrDiscard(job, outcome)) : outcome;
  const receipt = receiptOf(meter.usage(), { attempts: number, coldStartMs: order.coldStartMs, pricePerHour });
  const event = reporter.toEvent({ receipt, ...update });
  await writeEnd(job, event, { records, log });
  return event;
}

async function settled(job: Job, work: () => Promise<JobUpdate>): Promise<JobUpdate | Fault> {
  const { timeoutMs } = job.order;
  const deadline = timeoutMs && setTimeout(() => job.expire(timedOut(timeoutMs)), timeoutMs);
  try {
    return await work();
  } catch (error) {
    // What waits on a stream or a timer says only that it was aborted; the signal knows why.
    return error instanceof Fault || !job.signal.aborted
      ? toFault(asDiskFull(error, "the job"))
      : toFault(job.signal.reason);
  } finally {
    clearTimeout(deadline || undefined);
  }
}

const timedOut = (timeoutMs: number) => new Fault("timeout", `the job did not end within ${timeoutMs / 1_000} s`);

function failureEvent({ kind, message }: Fault): JobUpdate {
  return { status: kind === "cancelled" ? "cancelled" : "failed", error: { kind, message } };
}

/** Resolves when the outcome is where it will be found again: in the journal or, where that takes nothing, the record. */
async function writeEnd(
  { journal, order, stopSignal }: Job,
  event: JobEvent,
  { records, log }: Pick<AttemptTools, "records" | "log">,
) {
  const write = async () => {
    try {
      await journal.end(event);
    } catch {
      // The output is no longer needed: on a full disk it makes room.
      await journal.clear();
      await journal.end(event);
    }
  };
  const record = (err: unknown) => {
    log.error({ ...jobFields(order), err }, "the outcome cannot be journaled");
    return records.write({ order, event }, AbortSignal.timeout(recordTimeoutMs));
  };
  const onRetry = (err: unknown) => log.error({ ...jobFields(order), err }, "the outcome cannot be kept anywhere yet");
  await retry(() => write().catch(record), untilStopped(stopSignal, onRetry));
}
