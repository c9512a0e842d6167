import { lostAfter } from "#controlplane/lookup/found-job.ts";
import type { ListedJob, RecentRecords } from "#controlplane/lookup/list.ts";
import type { Lookup } from "#controlplane/lookup/lookup.ts";
import { isWaitingId } from "#shared/job/id.ts";
import { isFinal, type JobStatus } from "#shared/job/status.ts";
import type { Log } from "#shared/log.ts";

type Options = Pick<Lookup, "find"> & {
  recentRecords: RecentRecords;
  /** The deadline of an attempt; 0: none. */
  jobTimeoutMs: number;
  closing: AbortSignal;
  now(): number;
  log: Log;
};

const running: readonly JobStatus[] = ["queued", "processing", "uploading"];
const pageSize = 100;

/** Finds jobs that have waited and whose workers are away for too long, where the room may know of them no more. */
export function makeFindLost({ find, recentRecords, jobTimeoutMs, closing, now, log }: Options) {
  const looking = new Set<string>();

  const isOverdue = ({ event, order }: ListedJob) => {
    // Events of an order that waits have the number 0.
    if (!isWaitingId(event.jobId) || isFinal(event.status) || event.sequence === 0) return false;
    return now() > lostAfter(event, Number(order?.timeoutMs ?? jobTimeoutMs), now());
  };
  /** A look at a job ends it when its worker is lost. */
  const among = async (jobs: readonly ListedJob[]) => {
    for (const { event } of jobs.filter(isOverdue)) {
      const { jobId } = event;
      if (looking.has(jobId) || closing.aborted) continue;
      looking.add(jobId);
      await find(jobId)
        .catch((err) => log.warn({ err, job_id: jobId }, "what became of a job is not known yet"))
        .finally(() => looking.delete(jobId));
    }
  };
  const inState = async (status: JobStatus) => {
    const query = { status, limit: pageSize, until: now() - jobTimeoutMs };
    for (let before: string | undefined, isMore = true; isMore && !closing.aborted; ) {
      const { jobs, next, failure } = await recentRecords({ ...query, before });
      await among(jobs);
      // Where records of a former version have no markers yet, all of them would be read.
      [before, isMore] = [next, next !== undefined && failure === undefined];
    }
  };

  return {
    /** Looks at those of these jobs that are overdue, in the background. */
    among: (jobs: readonly ListedJob[]) => void among(jobs),
    /** Looks at the jobs of the last 31 days, in the background. */
    async everywhere() {
      if (jobTimeoutMs <= 0) return;
      await Promise.all(running.map(inState)).catch((err) =>
        log.warn({ err }, "it is not known yet which jobs' workers are lost"),
      );
    },
  };
}
