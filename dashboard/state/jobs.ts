import { batch, computed, type Signal, signal } from "@preact/signals";
import { ApiFault, isFinal, type Job } from "#client/client.ts";
import { filters, forgetFilters, noteNames } from "./filters.ts";
import { client, noted } from "./session.ts";

const pageSize = 100;

/** All jobs that were seen. Each is a signal of its own, so that a change renders one row. */
const known = new Map<string, Signal<Job>>();
/** The ids of the jobs in the list, newest first. */
export const listed = signal<readonly string[]>([]);
export const hasMore = signal(false);
export const isLoaded = signal(false);
/** Why the list is incomplete or empty, as sentences; empty when nothing is missing. */
export const lacking = signal<readonly string[]>([]);

export const search = signal("");
const wanted = signal(pageSize);

export const jobSignal = (jobId: string) => known.get(jobId);

export const showMore = () => {
  wanted.value += pageSize;
};

/** The ids of the listed jobs that contain the search text. */
export const found = computed(() => {
  const text = search.value.trim().toLowerCase();
  if (text === "") return listed.value;
  return listed.value.filter((jobId) => textOf(known.get(jobId)?.peek()).includes(text));
});

const textOf = (job: Job | undefined) =>
  [job?.job_id, job?.order?.input_url, job?.order?.preset, job?.order?.tenant, job?.status].join(" ").toLowerCase();

export const liveJobs = () => listed.value.flatMap((jobId) => known.get(jobId)?.value ?? []).filter(isLive);
const isLive = ({ status }: Job) => !isFinal(status);

/** Lists with running jobs are read more often. */
export const listPauseMs = () => (listed.peek().some(isLiveNow) ? 1_500 : 5_000);
const isLiveNow = (jobId: string) => isLive(known.get(jobId)?.peek() ?? ended);
const ended: Job = { job_id: "", sequence: 0, status: "completed", attempt: 1, timestamp: "" };

/** Reads the list again, down to the last page that is shown. */
export async function readJobs(signal?: AbortSignal) {
  const asked = filters();
  const jobs: Job[] = [];
  const missing = new Set<string>();
  let cursor: string | undefined;
  do {
    const query = { limit: pageSize, ...asked, ...(cursor && { cursor }) };
    const page = await noted(client.value.jobs(query, signal)).catch(noteRefusal);
    jobs.push(...page.jobs);
    for (const { part, reason } of page.incomplete ?? []) missing.add(`${part}: ${reason}`);
    cursor = page.next_cursor;
  } while (cursor && jobs.length < wanted.peek());
  if (JSON.stringify(asked) !== JSON.stringify(filters())) return;
  batch(() => {
    for (const job of jobs) keep(job);
    noteNames(jobs);
    const ids = jobs.map(({ job_id }) => job_id);
    if (ids.join() !== listed.peek().join()) listed.value = ids;
    hasMore.value = cursor !== undefined;
    if (missing.size > 0 || lacking.peek().length > 0) lacking.value = [...missing];
    if (!isLoaded.peek()) performance.mark("usable");
    isLoaded.value = true;
  });
}

/** Notes the reason when the service answers that it cannot list jobs. */
function noteRefusal(error: unknown): never {
  if (error instanceof ApiFault && error.status === 503) lacking.value = [error.message];
  throw error;
}

/**
 * Updates a job if the event is newer than the known one. Events of a stream lack the order, so that the known order
 * stays.
 */
export function keep(job: Job) {
  const held = known.get(job.job_id);
  if (!held) {
    known.set(job.job_id, signal(job));
    return;
  }
  const before = held.peek();
  // A job that waits has no numbered events: only its position changes.
  const isNewer = before.sequence < job.sequence || (before.sequence === 0 && before.position !== job.position);
  const order = before.order ?? job.order;
  if (isNewer || order !== before.order) held.value = { ...(isNewer ? job : before), ...(order && { order }) };
}

/** Takes a job that was removed out of the list. */
export function forgetJob(jobId: string) {
  listed.value = listed.peek().filter((one) => one !== jobId);
  known.delete(jobId);
}

export function forgetJobs() {
  known.clear();
  listed.value = [];
  lacking.value = [];
  isLoaded.value = false;
  forgetFilters();
}
