import type { Lookup } from "#controlplane/lookup/lookup.ts";
import type { WaitingJobs } from "#controlplane/queue/waiting-jobs.ts";
import { isFault } from "#shared/fault.ts";
import { timeOf } from "#shared/job/id.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { finishedKey, pinFolder } from "#shared/uploads/keys.ts";
import { timeIn } from "./marks.ts";

/** When a job ended, in Unix milliseconds; undefined while it has not. Throws when that is not known. */
export type EndOf = (jobId: string) => Promise<number | undefined>;

/**
 * When an upload was last of use: when it was finished, or when the last of the jobs that it is pinned to ended; infinity
 * while one of them has not.
 */
export async function lastUseOf(
  { storage, endOf }: { storage: Storage; endOf: EndOf },
  key: string,
  signal: AbortSignal,
): Promise<number> {
  let last = timeIn(await storage.read(finishedKey(key), signal));
  for await (const pin of storage.list(pinFolder(key), signal)) {
    const end = await endOf(pin.slice(pinFolder(key).length));
    if (end === undefined) return Number.POSITIVE_INFINITY;
    last = Math.max(last, end);
  }
  return last;
}

type Jobs = Pick<Lookup, "find"> & { waiting: Pick<WaitingJobs, "view"> | undefined };

/** Tells when jobs ended. One that nobody knows was pinned, and then not accepted, or its record is gone. */
export const makeEndOf =
  ({ find, waiting }: Jobs): EndOf =>
  async (jobId) => {
    if (await waiting?.view(jobId)) return undefined;
    try {
      const { event } = await find(jobId);
      return isFinal(event.status) ? Date.parse(event.timestamp) : undefined;
    } catch (error) {
      if (isFault(error, "not_found")) return timeOf(jobId) ?? 0;
      throw error;
    }
  };
