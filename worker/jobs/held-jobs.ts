import { timeOf } from "#shared/job/id.ts";
import type { Job } from "#worker/job/job.ts";

/** How many ended jobs are remembered; of older ones only the records tell. */
const endedKept = 100;

/** A job that the process holds. `overSince`: when it was over, in Unix milliseconds; absent while it goes on. */
export type HeldJob = { job: Job; accepted: Promise<unknown>; over: Promise<unknown>; overSince?: number };

/** The jobs that a process holds in memory, by id: those that go on, and the latest that are over. */
export function makeHeldJobs(begun: number) {
  const held = new Map<string, HeldJob>();
  let knownSince = begun;

  const forget = (jobId: string) => {
    if (held.delete(jobId)) knownSince = Math.max(knownSince, timeOf(jobId) ?? 0);
  };
  return {
    has: (jobId: string) => held.has(jobId),
    get: (jobId: string) => held.get(jobId),
    values: () => [...held.values()],
    hold: (job: HeldJob) => held.set(job.job.order.jobId, job),
    /** Lets go of a job that was not accepted after all. */
    refuse: (jobId: string) => held.delete(jobId),
    /** Forgets a job that is over: only its record tells of it, if there is one. */
    forget,
    /** Forgets all but the latest jobs that are over. */
    forgetOldest() {
      const ended = [...held].filter(([, { overSince }]) => overSince !== undefined);
      for (const [jobId] of ended.slice(0, -endedKept)) forget(jobId);
    },
    /** Every job that was made after this time is held, or was never accepted. Unix milliseconds. */
    knownSince: () => knownSince,
  };
}
