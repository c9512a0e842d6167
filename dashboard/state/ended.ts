import { signal } from "@preact/signals";
import type { JobFilters, JobPage } from "#client/client.ts";
import { type EndedJob, endedJob, type Range, ranges } from "../ended-jobs.ts";
import { client, noted } from "./session.ts";

/** At most so many jobs are read for charts, a page of a hundred at a time. */
const mostJobs = 2_000;
const pageSize = 100;
const pagesAtOnce = 5;

/** What was read for charts so far. */
export type Ended = {
  range: Range;
  /** When reading began, in Unix milliseconds. */
  now: number;
  jobs: readonly EndedJob[];
  /** Jobs that were looked at, with those that go on. */
  seen: number;
  /** `reading` while there are more, `cut` where there are more than are read. */
  state: "reading" | "whole" | "cut" | "failed";
  /** Why not all could be read, in words; empty when nothing is missing. */
  problem: string;
};

export const ended = signal<Ended | undefined>(undefined);

/** Reads the jobs of a range from their records, newest first; what was read is shown as it comes. */
export async function readEnded(range: Range, signal: AbortSignal) {
  const now = Date.now();
  const since = new Date(now - ranges[range].reachMs).toISOString();
  let known: Ended = { range, now, jobs: [], seen: 0, state: "reading", problem: "" };
  const show = (change: Partial<Ended>) => {
    known = { ...known, ...change };
    ended.value = known;
  };
  // What was read for the same range before stays until there is more.
  if (ended.peek()?.range !== range) show({});
  try {
    let pages = 0;
    for await (const page of pagesSince(since, signal)) {
      known = { ...known, ...withPage(known, page) };
      pages += 1;
      // Every chart is drawn anew: the first jobs are shown at once, the others a few pages at a time.
      if (pages % pagesAtOnce === 1 || known.state !== "reading") show({});
    }
  } catch (error) {
    if (!signal.aborted) show({ state: "failed", problem: error instanceof Error ? error.message : "" });
  }
}

async function* pagesSince(since: string, signal: AbortSignal): AsyncGenerator<JobPage> {
  let cursor: string | undefined;
  for (let seen = 0; seen < mostJobs; ) {
    const query: JobFilters = { limit: pageSize, since, ...(cursor && { cursor }) };
    const page: JobPage = await noted(client.value.jobs(query, signal));
    yield page;
    cursor = page.next_cursor;
    if (!cursor) return;
    // A page that is not full must not make this endless.
    seen += pageSize;
  }
}

function withPage({ jobs, seen, problem }: Ended, page: JobPage): Partial<Ended> {
  const looked = seen + page.jobs.length;
  const missing = (page.incomplete ?? []).map(({ part, reason }) => `${part}: ${reason}`);
  return {
    jobs: [...jobs, ...page.jobs.flatMap((job) => endedJob(job) ?? [])],
    seen: looked,
    state: page.next_cursor === undefined ? "whole" : looked < mostJobs ? "reading" : "cut",
    problem: [...new Set([...problem.split("; "), ...missing])].filter(Boolean).join("; "),
  };
}
