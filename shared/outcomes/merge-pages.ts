import type { JobEvent } from "#shared/job/event.ts";
import { newestFirst } from "#shared/job/id.ts";

/** Part of a list, newest first, and the job down to which it was told; undefined when it was told to its end. */
export type ListPage<Job> = { jobs: readonly Job[]; next: string | undefined };

/**
 * Puts pages of several sources together. It ends where the first of them ends, so that the next page, which begins
 * there, leaves out none. Of jobs that are in several the first one is taken.
 */
export function mergePages<Job extends { event: Pick<JobEvent, "jobId"> }>(
  pages: readonly ListPage<Job>[],
  limit: number,
): { jobs: Job[]; next: string | undefined } {
  const [horizon] = pages.flatMap(({ next }) => next ?? []).sort(newestFirst);
  const byId = new Map(pages.flatMap(({ jobs }) => jobs.map((job) => [job.event.jobId, job] as const)).toReversed());
  const jobs = [...byId.values()]
    .filter(({ event }) => horizon === undefined || newestFirst(event.jobId, horizon) <= 0)
    .sort((a, b) => newestFirst(a.event.jobId, b.event.jobId));
  const next = jobs.length > limit ? jobs[limit - 1]?.event.jobId : horizon;
  return { jobs: jobs.slice(0, limit), next };
}
