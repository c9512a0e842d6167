import { type Feed, makeFeed } from "#shared/job/feed.ts";
import { timeOf } from "#shared/job/id.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Records } from "#shared/records.ts";

/** By how much the clock of who makes the ids may be ahead. */
const clockSkewMs = 5_000;
const recordTimeoutMs = 10_000;

/**
 * A job that ended before this process began, or that it has forgotten, is known by its record only; asked again, it
 * must not run again. Those made after `knownSince` are all known.
 */
export const makeEndedBefore =
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
