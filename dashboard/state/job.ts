import { signal } from "@preact/signals";
import type { Job, JobEvent } from "#client/client.ts";
import { withEvent } from "../transitions.ts";
import { keep } from "./jobs.ts";
import { client, isLost, noted } from "./session.ts";

/** Follows a job to its end for its page. */
export function followJob(jobId: string) {
  const leaving = new AbortController();
  const job = signal<Job | undefined>(undefined);
  const events = signal<readonly JobEvent[]>([]);
  const problem = signal("");

  const take = (event: JobEvent) => {
    isLost.value = false;
    events.value = withEvent(events.value, event);
    if ((job.peek()?.sequence ?? -1) <= event.sequence) job.value = { ...orderIn(job.peek()), ...event };
    keep(event);
  };
  const follow = async () => {
    job.value = await noted(client.value.job(jobId, leaving.signal));
    const watching = client.value.watch(jobId, { signal: leaving.signal, patienceMs: Number.POSITIVE_INFINITY });
    for await (const event of watching) take(event);
  };
  follow().catch((error) => {
    if (!leaving.signal.aborted) problem.value = error instanceof Error ? error.message : String(error);
  });

  return { job, events, problem, leave: () => leaving.abort() };
}

const orderIn = (job: Job | undefined) => (job?.order ? { order: job.order } : {});
