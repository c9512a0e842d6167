import { batch, computed, type Signal, signal } from "@preact/signals";
import { ApiFault, isFinal, type Job, type JobStatus } from "#client/client.ts";
import { client, noted } from "./session.ts";

const pageSize = 100;

/** Each job by its id, as a signal of its own: one that changes redraws its row alone. */
const known = new Map<string, Signal<Job>>();
/** The ids of those listed, newest first. */
export const listed = signal<readonly string[]>([]);
export const hasMore = signal(false);
export const isLoaded = signal(false);
/** What the list lacks, or why there is none, in words. */
export const lacking = signal<readonly string[]>([]);

export const statusFilter = signal<JobStatus | "">("");
export const search = signal("");
const wanted = signal(pageSize);

export const jobSignal = (jobId: string) => known.get(jobId);

export const showMore = () => {
  wanted.value += pageSize;
};

/** The ids of listed jobs in which the search text occurs. */
export const found = computed(() => {
  const text = search.value.trim().toLowerCase();
  if (text === "") return listed.value;
  return listed.value.filter((jobId) => textOf(known.get(jobId)?.peek()).includes(text));
});

const textOf = (job: Job | undefined) =>
  [job?.job_id, job?.order?.input_url, job?.order?.preset, job?.order?.tenant, job?.status].join(" ").toLowerCase();

export const liveJobs = () => listed.value.flatMap((jobId) => known.get(jobId)?.value ?? []).filter(isLive);
const isLive = ({ status }: Job) => !isFinal(status);

/** Jobs that change are looked at often. */
export const listPauseMs = () => (listed.peek().some(isLiveNow) ? 1_500 : 5_000);
const isLiveNow = (jobId: string) => isLive(known.get(jobId)?.peek() ?? ended);
const ended: Job = { job_id: "", sequence: 0, status: "completed", attempt: 1, timestamp: "" };

/** Reads the list anew, as far down as it is shown. */
export async function readJobs(signal?: AbortSignal) {
  const status = statusFilter.peek();
  const jobs: Job[] = [];
  const missing = new Set<string>();
  let cursor: string | undefined;
  do {
    const query = { limit: pageSize, ...(status && { status }), ...(cursor && { cursor }) };
    const page = await noted(client.value.jobs(query, signal)).catch(noteRefusal);
    jobs.push(...page.jobs);
    for (const { part, reason } of page.incomplete ?? []) missing.add(`${part}: ${reason}`);
    cursor = page.next_cursor;
  } while (cursor && jobs.length < wanted.peek());
  if (status !== statusFilter.peek()) return;
  batch(() => {
    for (const job of jobs) keep(job);
    const ids = jobs.map(({ job_id }) => job_id);
    if (ids.join() !== listed.peek().join()) listed.value = ids;
    hasMore.value = cursor !== undefined;
    if (missing.size > 0 || lacking.peek().length > 0) lacking.value = [...missing];
    if (!isLoaded.peek()) performance.mark("usable");
    isLoaded.value = true;
  });
}

/** A service that is there and cannot list says why. */
function noteRefusal(error: unknown): never {
  if (error instanceof ApiFault && error.status === 503) lacking.value = [error.message];
  throw error;
}

/** Takes of a job what is newer than what is known, and its order, which a stream does not tell. */
export function keep(job: Job) {
  const held = known.get(job.job_id);
  if (!held) {
    known.set(job.job_id, signal(job));
    return;
  }
  const before = held.peek();
  const isNewer = before.sequence < job.sequence;
  const order = before.order ?? job.order;
  if (isNewer || order !== before.order) held.value = { ...(isNewer ? job : before), ...(order && { order }) };
}

export function forgetJobs() {
  known.clear();
  listed.value = [];
  lacking.value = [];
  isLoaded.value = false;
}
