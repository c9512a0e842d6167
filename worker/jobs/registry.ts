import { Fault } from "#shared/fault.ts";
import { type JobEvent, sequenceBefore } from "#shared/job/event.ts";
import { type Feed, makeFeed } from "#shared/job/feed.ts";
import { timeOf } from "#shared/job/id.ts";
import type { Order } from "#shared/job/order.ts";
import { isFinal } from "#shared/job/status.ts";
import { type Journal, journalAt } from "#worker/journal/journal.ts";
import type { Slots } from "#worker/slots.ts";
import { notifyTransitions } from "#worker/webhooks/transitions.ts";
import { type Job, makeJob } from "./job.ts";
import { attempt, type LifeTools, remember, type Work } from "./life.ts";
import { makeReporter } from "./reporter.ts";
import type { Step } from "./steps.ts";

/** Ended jobs that are still answered for from memory; older ones have their records. */
const endedKept = 500;

/** By how much the clock of who makes the ids may be ahead. */
const clockSkewMs = 5_000;

export type Registry = ReturnType<typeof makeRegistry>;

type Tools = LifeTools & {
  workDir: string;
  slots: Slots;
  /** The steps of a new attempt. */
  work: Work;
  step: Step;
  /** Told when there is something to do, and when all of it is done. */
  activity: { busy(): void; idle(): void };
};

type Resumed = { order: Order; journal: Journal; attempt: number; work: Work; ready(): Promise<Disposable> };

/** The jobs of this worker process, by id. */
export function makeRegistry(tools: Tools) {
  const { workDir, slots, work, step, records, now, log, activity } = tools;
  const held = new Map<string, { job: Job; accepted: Promise<unknown>; over: Promise<unknown> }>();
  const startedAt = now();
  let unsettled = 0;
  let isDraining = false;

  const live = async (job: Job, number: number, steps: Work, slot: Disposable) => {
    const ending = attempt(job, number, steps, tools).finally(() => slot[Symbol.dispose]());
    const recorded = recordAcceptance(job);
    const told = notifyTransitions(job, tools);
    const event = await ending;
    if (!event) return told;
    job.feed.publish(event);
    await recorded;
    await remember(job, event, tools, job.stopSignal);
    await told;
  };

  // Not waited for before the work begins, but before the end is recorded: the last word must be the end.
  const recordAcceptance = async ({ order, feed }: Job) => {
    const event = feed.latest;
    if (!event) return;
    await records
      .write({ order, event }, AbortSignal.timeout(60_000))
      .catch((err) => log.warn({ job_id: order.jobId, err }, "the acceptance is not recorded"));
  };

  const settle = (jobId: string, work: () => Promise<unknown>): Promise<unknown> => {
    unsettled += 1;
    activity.busy();
    return work()
      .catch((err) => log.error({ job_id: jobId, err }, "the end of the job is not recorded yet; it stays on the disk"))
      .finally(() => {
        unsettled -= 1;
        if (unsettled === 0) activity.idle();
      });
  };

  const hold = (job: Job, accepted: Promise<unknown>, living: () => Promise<void>) => {
    // Who submits a job hears why it was not accepted.
    const over = settle(job.order.jobId, () => accepted.then(living, () => {})).finally(forgetOldest);
    held.set(job.order.jobId, { job, accepted, over });
    return over;
  };

  const forgetOldest = () => {
    const ended = [...held].filter(([, { job }]) => job.hasEnded());
    for (const [jobId] of ended.slice(0, -endedKept)) held.delete(jobId);
  };

  /** A job that ended before this process began is known by its record only; asked again, it must not run again. */
  const endedBefore = async (jobId: string): Promise<JobEvent | undefined> => {
    const made = timeOf(jobId);
    if (made === undefined || made > startedAt + clockSkewMs) return undefined;
    const record = await records.read(jobId, AbortSignal.timeout(10_000));
    return record && isFinal(record.event.status) ? record.event : undefined;
  };

  const admit = (order: Order, claim: () => Promise<void>): Job => {
    const slot = isDraining ? undefined : slots.tryTake();
    if (!slot) throw new Fault("busy", isDraining ? "the worker is draining" : "no slot or memory for another job");
    const job = makeJob(order, journalAt(workDir, order.jobId), step);
    const accept = async () => {
      try {
        await claim();
        await journaled(job);
      } catch (error) {
        slot[Symbol.dispose]();
        held.delete(order.jobId);
        throw error;
      }
    };
    void hold(job, accept(), () => live(job, 1, work, slot));
    return job;
  };

  return {
    /**
     * Takes a job, or joins the one of that id. Resolves when the order is on the disk: it is accepted. A job that has
     * a slot and is not on the disk yet makes its claim, and is not accepted if that throws.
     */
    async submit(order: Order, claim = async () => {}): Promise<Job["feed"]> {
      const ended = held.has(order.jobId) ? undefined : await endedBefore(order.jobId);
      if (ended) return feedOf(ended);
      const job = held.get(order.jobId)?.job ?? admit(order, claim);
      await held.get(order.jobId)?.accepted;
      return job.feed;
    },
    /** Takes up a job that was found on the disk. `ready` is its turn to run. Resolves when it is over. */
    resume({ order, journal, attempt: number, work: steps, ready }: Resumed): Promise<unknown> {
      const job = makeJob(order, journal, step);
      const status = { status: "processing", message: "Waiting to run again" } as const;
      job.feed.publish({
        ...makeReporter(order.jobId, number, job.feed, now).stamp(status),
        sequence: sequenceBefore(number),
      });
      return hold(job, Promise.resolve(), async () => live(job, number, steps, await ready()));
    },
    /** Takes up a job that had ended before its end was recorded. Meanwhile it is answered for here. */
    finish(order: Order, journal: Journal, end: JobEvent): Promise<unknown> {
      const job = makeJob(order, journal, step);
      job.feed.publish(end);
      return hold(job, Promise.resolve(), () => remember(job, end, tools, job.stopSignal));
    },
    find: (jobId: string): Job | undefined => held.get(jobId)?.job,
    /** Waits for a job that is about to be accepted: if it is not here then, it never will be. */
    async findAccepted(jobId: string): Promise<Job | undefined> {
      await held.get(jobId)?.accepted.catch(() => {});
      return held.get(jobId)?.job;
    },
    all: (): Job[] => [...held.values()].map(({ job }) => job),
    get isDraining() {
      return isDraining;
    },
    /** From here on nothing is admitted. */
    close() {
      isDraining = true;
    },
    /** Lets running jobs end within the grace, then stops them; their orders stay on the disk. */
    async drain(graceMs: number) {
      isDraining = true;
      const over = Promise.all([...held.values()].map((one) => one.over));
      const grace = Promise.withResolvers<void>();
      const timer = setTimeout(grace.resolve, graceMs);
      await Promise.race([over, grace.promise]);
      clearTimeout(timer);
      for (const { job } of held.values()) job.drain();
      await over;
    },
  };
}

async function journaled({ journal, order }: Job) {
  try {
    await journal.order(order);
  } catch (cause) {
    await journal.remove().catch(() => {});
    throw new Fault("internal", "the order cannot be written to the work directory", { cause });
  }
}

function feedOf(ended: JobEvent): Feed {
  const feed = makeFeed();
  feed.publish(ended);
  return feed;
}
