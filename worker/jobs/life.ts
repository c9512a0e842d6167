import { Fault, toFault } from "#shared/fault.ts";
import type { JobEvent, JobNews } from "#shared/job/event.ts";
import type { Log } from "#shared/log.ts";
import type { Records } from "#shared/records.ts";
import type { Notify } from "#worker/webhooks/notify.ts";
import type { Job } from "./job.ts";
import { makeReporter, type Reporter } from "./reporter.ts";

/** What one attempt does: the steps of a new one, or what is left of one that a crash cut short. */
export type Work = (job: Job, reporter: Reporter) => Promise<JobNews>;

/** What is done with what a job had made when it ends without success. */
export type GiveUp = (job: Job, fault: Fault) => Promise<void>;

export type AttemptTools = { giveUp: GiveUp; now(): number; log: Log };
export type LifeTools = AttemptTools & { records: Records; notify: Notify };

/**
 * One attempt: works under the deadline and writes the outcome down before anyone hears of it. Returns the last
 * event, or undefined when a drain stopped the attempt, which is then to run again.
 */
export async function attempt(job: Job, number: number, work: Work, { giveUp, now, log }: AttemptTools) {
  const { order, journal, feed } = job;
  const reporter = makeReporter(order.jobId, number, feed, now);
  if (number === 1) reporter.say({ status: "queued" });

  const outcome = await settled(job, () => work(job, reporter));
  if (outcome instanceof Fault && job.stopSignal.aborted) {
    await journal.drained();
    feed.close();
    return undefined;
  }
  if (outcome instanceof Fault) {
    log.warn({ job_id: order.jobId, err: outcome, cause: outcome.cause }, "the job ends without success");
    await giveUp(job, outcome);
  }
  const event = reporter.stamp(outcome instanceof Fault ? lastWords(outcome) : outcome);
  await writeEnd(job, event, log);
  return event;
}

/**
 * What is left to do when a job has ended: its log and record in storage, its receiver told, then its folder goes. The
 * signal shortens the telling.
 */
export async function remember(
  { order, journal, step }: Pick<Job, "order" | "journal" | "step">,
  event: JobEvent,
  { records, notify }: Pick<LifeTools, "records" | "notify">,
  signal: AbortSignal,
) {
  const always = new AbortController().signal;
  if (event.status === "failed" && (await Bun.file(journal.logFile).exists())) {
    await records.writeLog(order.jobId, journal.logFile, always);
  }
  await step("record", () => records.write({ order, event }, always));
  await journal.clear();
  await step("notify", () => notify(order, event, signal));
  await journal.remove();
}

async function settled(job: Job, work: () => Promise<JobNews>): Promise<JobNews | Fault> {
  const { timeoutMs } = job.order;
  const deadline = timeoutMs && setTimeout(() => job.expire(timedOut(timeoutMs)), timeoutMs);
  try {
    return await work();
  } catch (error) {
    // What waits on a stream or a timer says only that it was aborted; the signal knows why.
    return error instanceof Fault || !job.signal.aborted ? toFault(error) : toFault(job.signal.reason);
  } finally {
    clearTimeout(deadline || undefined);
  }
}

const timedOut = (timeoutMs: number) => new Fault("timeout", `the job did not end within ${timeoutMs / 1_000} s`);

function lastWords({ kind, message }: Fault): JobNews {
  return { status: kind === "cancelled" ? "cancelled" : "failed", error: { kind, message } };
}

// A full disk must not keep the outcome from being written: the output is no longer needed.
async function writeEnd({ journal, order }: Job, event: JobEvent, log: Log) {
  try {
    await journal.end(event);
  } catch {
    await journal.clear();
    await journal.end(event).catch((err) => log.error({ job_id: order.jobId, err }, "the outcome cannot be journaled"));
  }
}
