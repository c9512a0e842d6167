import { type Context, print } from "#cli/context.ts";
import { describe } from "#cli/progress.ts";
import type { Client, Job, JobFilters } from "#client/client.ts";
import { Fault } from "#shared/fault.ts";
import { follow } from "./follow.ts";

export type JobsOptions = Omit<JobFilters, "kept"> & {
  /** Only jobs whose output waits to be delivered. Default: false. */
  undelivered?: boolean;
};

export async function listJobs(context: Context, api: Client, { undelivered, ...query }: JobsOptions) {
  const page = await api.jobs({ ...query, ...(undelivered && { kept: true }) });
  print(context, page, page.jobs.map(lineOf).join("\n") || "no jobs");
  for (const { part, reason } of page.incomplete ?? []) console.error(`flux: the list lacks ${part}: ${reason}`);
}

export async function showJob(context: Context, api: Client, id: string) {
  const job = await api.job(id);
  const { output_url } = job;
  print(context, job, [lineOf(job), output_url].filter(Boolean).join("\n"));
}

/** Leaves the job running when it is interrupted. */
export async function watchJob(context: Context, api: Client, id: string) {
  const leave = new AbortController();
  process.once("SIGINT", () => leave.abort(new Fault("cancelled", "interrupted; the job goes on")));
  await follow(context, api, id, { signal: leave.signal });
}

export async function retryJob(context: Context, api: Client, id: string, { overwrite }: { overwrite?: boolean }) {
  const { job_id } = await api.retry(id, { ...(overwrite && { overwrite }) });
  await follow(context, api, job_id, { cancel: () => api.cancel(job_id) });
}

export async function cancelJob(context: Context, api: Client, id: string) {
  print(context, await api.cancel(id), `cancelling ${id}`);
}

const lineOf = (job: Job) => `${job.job_id}  ${job.status.padEnd(10)}  ${job.timestamp}  ${describe(job)}`;
