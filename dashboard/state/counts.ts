import { signal } from "@preact/signals";
import type { JobFilters } from "#client/client.ts";
import { client, noted } from "./session.ts";

/** A number of jobs; `isMore` where there are more than were counted. */
export type Count = { jobs: number; isMore: boolean };

/** How many jobs run, wait and failed today (UTC); undefined until they are counted. */
export const counts = signal<{ running: Count; waiting: Count; failed: Count } | undefined>(undefined);

const most = 100;

export const today = () => new Date().toISOString().slice(0, 10);

export async function readCounts(signal?: AbortSignal) {
  const count = async (query: JobFilters): Promise<Count> => {
    const { jobs, next_cursor } = await noted(client.value.jobs({ limit: most, ...query }, signal));
    return { jobs: jobs.length, isMore: next_cursor !== undefined };
  };
  const [processing, uploading, waiting, failed] = await Promise.all([
    count({ status: "processing" }),
    count({ status: "uploading" }),
    count({ status: "queued" }).then((listed) => inQueue(listed, signal)),
    count({ status: "failed", since: today() }),
  ]);
  const running = { jobs: processing.jobs + uploading.jobs, isMore: processing.isMore || uploading.isMore };
  const next = { running, waiting, failed };
  if (JSON.stringify(next) !== JSON.stringify(counts.peek())) counts.value = next;
}

/** The orders of the waiting room, which may be more than a page; those of workers without one are few. */
async function inQueue(listed: Count, signal: AbortSignal | undefined): Promise<Count> {
  if (!listed.isMore) return listed;
  return await noted(client.value.queue(signal)).then(
    ({ waiting }) => ({ jobs: waiting, isMore: false }),
    () => listed,
  );
}
