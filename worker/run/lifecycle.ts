import { retry } from "#shared/async/retry.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { jobFields } from "#shared/log.ts";
import type { CompleteEnds } from "#shared/queue/complete-end.ts";
import type { HandOvers } from "#shared/queue/hand-overs.ts";
import type { Notify } from "#shared/webhooks/notify.ts";
import { type Release, releaseInTime } from "#worker/exit.ts";
import type { Job } from "#worker/job/job.ts";
import { foreignEnd } from "#worker/queue/end.ts";
import { surely, untilStopped } from "#worker/retry-policy.ts";
import { notifyTransitions } from "#worker/webhooks/transitions.ts";
import { recordAcceptance } from "./acceptance.ts";
import { type AttemptDeps, foreign, runAttempt, type Work } from "./attempt.ts";

const completeTimeoutMs = 60_000;

export type LifecycleDeps = AttemptDeps & {
  notify: Notify;
  handOvers: HandOvers;
  ends: Pick<CompleteEnds, "complete">;
  /** Removes all that a job has put into a storage. */
  discardUploads(job: Job): Promise<void>;
  /** Called with the final event of every job that ends here. */
  ended(event: JobEvent): void;
};

/** Runs a job from its slot to its recorded end. Its folder is gone then, unless a drain stopped it. */
export async function runLifecycle(
  job: Job,
  number: number,
  steps: Work,
  slot: Disposable,
  deps: LifecycleDeps,
  release: Release,
) {
  const work = number === 1 ? afterAcceptance(steps, deps) : steps;
  const ending = runAttempt(job, number, work, deps, { slot, release }).finally(() => slot[Symbol.dispose]());
  const transitions = notifyOfTransitions(job, deps);
  const event = await ending;
  if (!event) return transitions;
  if (event === foreign) return yieldEnd(job, transitions, deps, release);
  job.feed.publish(following(event, job.feed.latest));
  deps.ended(event);
  await settle(job, event, transitions, deps, release);
}

/** An end that was fixed before a crash may have a lower number than what was told since: readers would leave it out. */
const following = (event: JobEvent, last: JobEvent | undefined): JobEvent => ({
  ...event,
  sequence: Math.max(event.sequence, (last?.sequence ?? 0) + 1),
});

const afterAcceptance =
  (steps: Work, deps: LifecycleDeps): Work =>
  async (job, reporter) => {
    await recordAcceptance(job, deps);
    return steps(job, reporter);
  };

/** Leaves the end of a job to the one that has it: nothing of what was done here stays, and nobody is told of it. */
async function yieldEnd(job: Job, transitions: Promise<unknown>, deps: LifecycleDeps, release: Release) {
  using _limit = releaseInTime(release);
  const { order, feed, journal, stopSignal } = job;
  const fields = jobFields(order);
  deps.log.warn(fields, "another has ended the job: what was made of it here is discarded");
  const onFailure = (err: unknown) => deps.log.warn({ ...fields, err }, "not all is discarded yet; trying again");
  const last = feed.latest;
  if (last) feed.publish(await surely(() => foreignEnd(last, deps), stopSignal, onFailure));
  await transitions;
  // Whoever has ended it may have died before that was recorded, or the acceptance was recorded after it.
  const complete = () => deps.ends.complete(order.jobId, AbortSignal.timeout(completeTimeoutMs), order);
  await surely(complete, stopSignal, onFailure);
  await surely(() => deps.discardUploads(job), stopSignal, onFailure);
  await surely(journal.remove, stopSignal, onFailure);
}

/** Records the end of a job that an earlier process has run. */
export const finish = (job: Job, end: JobEvent, deps: LifecycleDeps, release: Release) =>
  settle(job, end, notifyOfTransitions(job, deps), deps, release);

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
  const untilDone = (work: () => Promise<void>) => retry(work, untilStopped(job.stopSignal, onFailure));
  await remember(job, event, { ...deps, transitions }, untilDone);
}

/**
 * What is left to do when a job has ended: its log and record are written to the storage, its webhook is sent, then its
 * folder is removed. Each is done by `untilDone`, whatever refuses it at first; the job's stop shortens the sending.
 */
async function remember(
  { order, journal, step, stopSignal }: Pick<Job, "order" | "journal" | "step" | "stopSignal">,
  event: JobEvent,
  { records, notify, transitions }: Pick<LifecycleDeps, "records" | "notify"> & { transitions: Promise<unknown> },
  untilDone: (work: () => Promise<void>) => Promise<void>,
) {
  const always = new AbortController().signal;
  if (event.status === "failed" && (await Bun.file(journal.logFile).exists())) {
    await untilDone(() => records.writeLog(order.jobId, journal.logFile, always));
  }
  const record = async () => {
    const { objects, certificate } = event.status === "completed" ? await journal.published() : {};
    await records.write({ order, event, objects, certificate }, always);
  };
  await untilDone(() => step("record", record));
  await untilDone(journal.clear);
  await untilDone(() => step("notify", () => notify(order, event, stopSignal)));
  await transitions;
  await untilDone(journal.remove);
}
