import { retry } from "#shared/async/retry.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { jobFields } from "#shared/log.ts";
import { type Release, releaseInTime } from "#worker/exit.ts";
import type { Job } from "#worker/job/job.ts";
import { untilStopped } from "#worker/retry-policy.ts";
import type { Notify } from "#worker/webhooks/notify.ts";
import { notifyTransitions } from "#worker/webhooks/notify.ts";
import { type AttemptDeps, runAttempt, type Work } from "./attempt.ts";

export type LifecycleDeps = AttemptDeps & {
  notify: Notify;
  /** Called with the final event of every job that ends here. */
  ended(event: JobEvent): void;
};

const recordTimeoutMs = 60_000;

/** Runs a job from its slot to its recorded end. Its folder is gone then, unless a drain stopped it. */
export async function runLifecycle(
  job: Job,
  number: number,
  steps: Work,
  slot: Disposable,
  deps: LifecycleDeps,
  release: Release,
) {
  const ending = runAttempt(job, number, steps, deps, slot).finally(() => slot[Symbol.dispose]());
  if (number === 1) void recordAcceptance(job, deps);
  const transitions = notifyOfTransitions(job, deps);
  const event = await ending;
  if (!event) return transitions;
  job.feed.publish(event);
  deps.ended(event);
  await settle(job, event, transitions, deps, release);
}

/** Records the end of a job that an earlier process has run. */
export const finish = (job: Job, end: JobEvent, deps: LifecycleDeps, release: Release) =>
  settle(job, end, notifyOfTransitions(job, deps), deps, release);

/** Records that a job is accepted. Need not be awaited: what is written to one record keeps its order. */
export async function recordAcceptance({ order, feed }: Job, { records, log }: Pick<AttemptDeps, "records" | "log">) {
  if (!feed.latest) return;
  await records
    .write({ order, event: feed.latest }, AbortSignal.timeout(recordTimeoutMs))
    .catch((err) => log.warn({ ...jobFields(order), err }, "the acceptance is not recorded"));
}

function notifyOfTransitions(job: Job, deps: LifecycleDeps) {
  const transitions = notifyTransitions(job, deps);
  // A failure is handled when the job has ended.
  transitions.catch(() => {});
  return transitions;
}

/** Remembers the end of a job, however long the storage refuses it; meanwhile this worker answers for the job. */
async function settle(job: Job, event: JobEvent, transitions: Promise<unknown>, deps: LifecycleDeps, release: Release) {
  using _limit = releaseInTime(release);
  const onFailure = (err: unknown) =>
    deps.log.warn({ ...jobFields(job.order), err }, "the job's end is not recorded yet; trying again");
  const surely = (work: () => Promise<void>) => retry(work, untilStopped(job.stopSignal, onFailure));
  await remember(job, event, { ...deps, transitions }, surely);
}

/**
 * What is left to do when a job has ended: its log and record are written to the storage, its webhook is sent, then its
 * folder is removed. Each is done `surely`, whatever refuses it at first; the job's stop shortens the sending.
 */
async function remember(
  { order, journal, step, stopSignal }: Pick<Job, "order" | "journal" | "step" | "stopSignal">,
  event: JobEvent,
  { records, notify, transitions }: Pick<LifecycleDeps, "records" | "notify"> & { transitions: Promise<unknown> },
  surely: (work: () => Promise<void>) => Promise<void>,
) {
  const always = new AbortController().signal;
  if (event.status === "failed" && (await Bun.file(journal.logFile).exists())) {
    await surely(() => records.writeLog(order.jobId, journal.logFile, always));
  }
  await surely(() => step("record", () => records.write({ order, event }, always)));
  await surely(journal.clear);
  await surely(() => step("notify", () => notify(order, event, stopSignal)));
  await transitions;
  await surely(journal.remove);
}
