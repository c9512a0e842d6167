import { type Feed, makeFeed } from "#shared/job/feed.ts";
import { timeOf } from "#shared/job/id.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Records } from "#shared/records.ts";

/** How far the clock of the control plane that makes the ids may be ahead of this worker's, in milliseconds. */
const clockSkewMs = 5_000;
const recordTimeoutMs = 10_000;

/**
 * Finds jobs that finished before this process began, or that it has forgotten: only their records tell of them, and when
 * one is submitted again it must not run again. The registry itself knows all jobs made after `knownSince`.
 */
export const makeFinishedJobs =
  (records: Records) =>
  async (jobId: string, knownSince: number): Promise<Feed | undefined> => {
    const made = timeOf(jobId);
    if (made === undefined || made > knownSince + clockSkewMs) return undefined;
    const record = await records.read(jobId, AbortSignal.timeout(recordTimeoutMs));
    if (!record || !isFinal(record.event.status)) return undefined;
    const feed = makeFeed();
    feed.publish(record.event);
    return feed;
  };
