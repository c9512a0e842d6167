import { batch, computed, type Signal, signal } from "@preact/signals";
import { ApiFault, isFinal, type Job } from "#client/client.ts";
import { folderName, sourceName, sourceUrl } from "../format.ts";
import { filters, forgetNames, listQuery, noteNames } from "./filters.ts";
import { client, noted } from "./session.ts";

const pageSize = 100;
/** A page of a search may hold few jobs or none: so many more are read than what is shown would need. */
const morePages = 4;

/** All jobs that were seen. Each is a signal of its own, so that a change renders one row. */
const known = new Map<string, Signal<Job>>();
/** The ids of the jobs in the list, newest first. */
export const listed = signal<readonly string[]>([]);
export const hasMore = signal(false);
/** The filters that the list was last read with; undefined before it was. */
export const listedFor = signal<ReturnType<typeof listQuery> | undefined>(undefined);
/** Why the list is incomplete or empty, as sentences; empty when nothing is missing. */
export const lacking = signal<readonly string[]>([]);

const wanted = signal(pageSize);

export const jobSignal = (jobId: string) => known.get(jobId);

export const showMore = () => {
  wanted.value += pageSize;
};

/** The names that sources in several folders have, as far as the list goes. */
export const repeatedNames = computed((): ReadonlySet<string> => {
  const foldersOf = new Map<string, Set<string>>();
  for (const jobId of listed.value) {
    const order = known.get(jobId)?.peek().order ?? {};
    const name = sourceName(order);
    foldersOf.set(name, (foldersOf.get(name) ?? new Set()).add(folderName(sourceUrl(order))));
  }
  return new Set([...foldersOf].flatMap(([name, folders]) => (folders.size > 1 ? name : [])));
});

/** Lists with running jobs are read more often. */
export const listPauseMs = () => (listed.peek().some(isLive) ? 1_500 : 5_000);
const isLive = (jobId: string) => !isFinal(known.get(jobId)?.peek().status ?? "completed");

/** Reads the list again, down to the last page that is shown. */
export async function readJobs(signal?: AbortSignal): Promise<void> {
  const asked = listQuery();
  const jobs: Job[] = [];
  const missing = new Set<string>();
  let cursor: string | undefined;
  let pagesLeft = wanted.peek() / pageSize + morePages;
  do {
    const query = { limit: pageSize, ...asked, ...(cursor && { cursor }) };
    const page = await noted(client.value.jobs(query, signal)).catch(noteRefusal);
    jobs.push(...page.jobs);
    for (const { part, reason } of page.incomplete ?? []) missing.add(`${part}: ${reason}`);
    cursor = page.next_cursor;
    pagesLeft -= 1;
  } while (cursor && jobs.length < wanted.peek() && pagesLeft > 0);
  if (asked !== filters.peek()) return readJobs(signal);
  batch(() => {
    for (const job of jobs) keep(job);
    noteNames(jobs);
    const ids = jobs.map(({ job_id }) => job_id);
    if (ids.join() !== listed.peek().join()) listed.value = ids;
    hasMore.value = cursor !== undefined;
    if (missing.size > 0 || lacking.peek().length > 0) lacking.value = [...missing];
    if (!listedFor.peek()) performance.mark("usable");
    listedFor.value = asked;
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
  listedFor.value = undefined;
  forgetNames();
}
