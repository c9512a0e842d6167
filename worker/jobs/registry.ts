import { abortable } from "#shared/async/abortable.ts";
import { linkedSignal } from "#shared/async/linked-signal.ts";
import type { Semaphore } from "#shared/async/semaphore.ts";
import { Fault } from "#shared/fault.ts";
import { type JobEvent, sequenceBefore } from "#shared/job/event.ts";
import type { Order } from "#shared/job/order.ts";
import { jobFields } from "#shared/log.ts";
import type { Trace } from "#shared/tracing/trace.ts";
import { type Activity, makeOccupancy, type Release } from "#worker/exit.ts";
import { type Job, makeJob } from "#worker/job/job.ts";
import { makeReporter } from "#worker/job/reporter.ts";
import { jobSpan } from "#worker/job/spans.ts";
import { plainStep, type Step } from "#worker/job/steps.ts";
import { type Journal, journalAt } from "#worker/journal/journal.ts";
import { makeQueueEnding } from "#worker/queue/end.ts";
import { handOverOf } from "#worker/queue/hand-over.ts";
import { makeShares } from "#worker/receipt/clock.ts";
import { type Meter, makeMeter } from "#worker/receipt/meter.ts";
import type { Usage } from "#worker/receipt/usage.ts";
import type { Work } from "#worker/run/attempt.ts";
import { finish, type LifecycleDeps, runLifecycle } from "#worker/run/lifecycle.ts";
import { makeFinishedJobs } from "./finished-jobs.ts";
import { type HeldJob, makeHeldJobs } from "./held-jobs.ts";
import { journalOrder } from "./journal-order.ts";
import { makeUnreadable } from "./unreadable.ts";
import { waitForSlot } from "./wait-for-slot.ts";

export type Registry = ReturnType<typeof makeRegistry>;

type RegistryDeps = LifecycleDeps & {
  workDir: string;
  slots: Semaphore;
  /** Runs the steps of a new attempt. */
  work: Work;
  step: Step;
  trace: Trace;
  activity: Activity;
};

type Resumed = {
  order: Order;
  journal: Journal;
  attempt: number;
  /** What earlier attempts have used; undefined when that is not known. */
  usage: Usage | undefined;
  /** Whether the job was committed: it is too late for a cancel then. */
  isCommitted: boolean;
  work: Work;
  /** Resolves with the slot that the job runs in. */
  ready(): Promise<Disposable>;
};

/** The jobs of this worker process, by id. */
export function makeRegistry(deps: RegistryDeps) {
  const { workDir, slots, work, step, trace, records, now, log } = deps;
  const held = makeHeldJobs(now());
  const finishedJob = makeFinishedJobs(records);
  const shares = makeShares();
  const occupy = makeOccupancy(deps.activity);
  const stop = new AbortController();
  const unreadable = makeUnreadable({ occupy, stopSignal: stop.signal, log });
  let isDraining = false;

  const jobOf = (order: Order, journal: Journal, meter?: Meter) =>
    makeJob(order, journal, step, meter, makeQueueEnding(order, step, deps));

  const hold = (job: Job, accepted: Promise<unknown>, run: (release: Release) => Promise<unknown>) => {
    const release = occupy();
    // The submitting call throws why a job was not accepted: here it need not be said again.
    const running = accepted.then(
      () => jobSpan(trace, job, () => run(release)),
      () => {},
    );
    const over = running
      .catch((err) =>
        log.error({ ...jobFields(job.order), err }, "the end of the job is not recorded yet; it stays on the disk"),
      )
      .finally(() => {
        release();
        entry.overSince = now();
        held.forgetOldest();
      });
    const entry: HeldJob = { job, accepted, over };
    held.hold(entry);
    return over;
  };

  const admit = (order: Order, claim: () => Promise<void>): Job => {
    const slot = isDraining ? undefined : slots.tryAcquire();
    if (!slot) throw new Fault("busy", isDraining ? "the worker is draining" : "no slot or memory for another job");
    const job = jobOf(order, journalAt(workDir, order.jobId), makeMeter(undefined, shares));
    const inStep = handOverOf(order) ? step : plainStep;
    const accept = async () => {
      try {
        await inStep("claim", claim);
        await inStep("accept", () => journalOrder(job));
      } catch (error) {
        slot[Symbol.dispose]();
        held.refuse(order.jobId);
        throw error;
      }
    };
    void hold(job, accept(), (release) => runLifecycle(job, 1, work, slot, deps, release));
    return job;
  };

  const find = (jobId: string): Job | undefined => {
    unreadable.check(jobId);
    return held.get(jobId)?.job;
  };

  return {
    /** The jobs whose journals cannot be read at present. */
    unreadable,
    /** Aborted when the worker stops. */
    stopSignal: stop.signal,
    /**
     * Takes a job, or joins the job that has this id already. Resolves when the job is accepted: its order is on the disk.
     * `claim` is called once there is a slot for the job, before that; if it throws, the job is not accepted.
     */
    async submit(order: Order, claim = async () => {}): Promise<Job["feed"]> {
      unreadable.check(order.jobId);
      // Of a job that has waited the claim on its hand-over tells whether it has ended, however old its id is.
      const isKnown = held.has(order.jobId) || handOverOf(order) !== undefined;
      const finished = isKnown ? undefined : await finishedJob(order.jobId, held.knownSince());
      if (finished) return finished;
      const job = held.get(order.jobId)?.job ?? admit(order, claim);
      await held.get(order.jobId)?.accepted;
      return job.feed;
    },
    /** Takes up a job from the disk: it runs again once `ready` gives it a slot. Resolves when it is over. */
    resume({ order, journal, attempt: number, usage, isCommitted, work: steps, ready }: Resumed): Promise<unknown> {
      const job = jobOf(order, journal, makeMeter(usage, shares));
      if (isCommitted) job.markCommitted();
      const status = { status: "processing", message: "Waiting to run again" } as const;
      job.feed.publish({
        ...makeReporter(order, number, job.feed, now).toEvent(status),
        sequence: sequenceBefore(number),
      });
      return hold(job, Promise.resolve(), async (release) => {
        const slot = await waitForSlot(job, ready());
        if (!job.stopSignal.aborted) return runLifecycle(job, number, steps, slot, deps, release);
        // The job stays on the disk for the next process.
        slot[Symbol.dispose]();
        job.feed.close();
      });
    },
    /** Takes up a job whose end is in its journal and not yet in its record. The registry knows it until it is. */
    finish(order: Order, journal: Journal, end: JobEvent): Promise<unknown> {
      const job = jobOf(order, journal);
      job.feed.publish(end);
      return hold(job, Promise.resolve(), (release) => finish(job, end, deps, release));
    },
    /** The job of this id, if this worker has it. Throws `unreachable` when its journal cannot be read at present. */
    find,
    /** The same, after a submission of this id that is under way: if the job is unknown then, it never was accepted. */
    async findAccepted(jobId: string): Promise<Job | undefined> {
      await held.get(jobId)?.accepted.catch(() => {});
      return find(jobId);
    },
    /** Whether this worker has a job whose end was recorded so long ago or longer: its record tells the same. */
    isOver: (jobId: string, atLeastMs = 0) =>
      now() - (held.get(jobId)?.overSince ?? Number.POSITIVE_INFINITY) >= atLeastMs,
    /** Forgets a job that is over. */
    forget: held.forget,
    /** Resolves when the end of a job that this worker has is recorded and told, or at once for one that it does not have. */
    over: async (jobId: string): Promise<unknown> => held.get(jobId)?.over,
    /** Keeps the worker up until it is released. */
    occupy,
    all: (): Job[] => held.values().map(({ job }) => job),
    get isDraining() {
      return isDraining;
    },
    /** Admits no more jobs and stops those that run; they stay on the disk. */
    close() {
      isDraining = true;
      stop.abort();
      for (const { job } of held.values()) job.drain();
    },
    /** Admits no more jobs, lets those that run end within the grace, and stops the others; they stay on the disk. */
    async drain(graceMs: number) {
      isDraining = true;
      for (const { job } of held.values()) job.leave();
      const over = Promise.all(held.values().map((one) => one.over));
      using grace = linkedSignal([], graceMs);
      await abortable(over, grace.signal).catch(() => {});
      stop.abort();
      for (const { job } of held.values()) job.drain();
      await over;
    },
  };
}
