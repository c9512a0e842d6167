import { cut, padded, plain, widest } from "#cli/cells.ts";
import { type Context, print } from "#cli/context.ts";
import { ladderLines, placeOf, sizesOf } from "#cli/output-words.ts";
import { sourceLines } from "#cli/plan-words.ts";
import { describe } from "#cli/progress.ts";
import { qualityLines } from "#cli/quality-words.ts";
import type { Client, Job, JobFilters } from "#client/client.ts";
import { sourceName } from "#dashboard/format.ts";
import { linkedSignal } from "#shared/async/linked-signal.ts";
import { Fault } from "#shared/fault.ts";
import { follow } from "./follow.ts";

export type JobsOptions = Omit<JobFilters, "kept"> & {
  /** Only jobs whose output waits to be delivered. Default: false. */
  undelivered?: boolean;
};

export async function listJobs(context: Context, api: Client, { undelivered, ...query }: JobsOptions) {
  const page = await api.jobs({ ...query, ...(undelivered && { kept: true }) });
  print(context, page, linesOf(page.jobs).join("\n") || "no jobs");
  for (const { part, reason } of page.incomplete ?? []) console.error(plain(`flux: the list lacks ${part}: ${reason}`));
}

export async function showJob(context: Context, api: Client, id: string) {
  const job = await api.job(id);
  print(context, job, [...linesOf([job]), ...factsOf(job)].filter(Boolean).join("\n"));
}

/** What went in, what came out, and where it is. */
const factsOf = (job: Job): string[] => [
  ...(job.source ? sourceLines(job.order ? sourceName(job.order) : "the source", job.source) : []),
  sizesOf(job),
  ...ladderLines(job.outputs),
  ...(job.quality ? qualityLines(job.quality) : []),
  job.output_url === undefined ? "" : placeOf(job.output_url),
];

/** Leaves the job running when it is interrupted, and when nobody reads what is shown any more. */
export async function watchJob(context: Context, api: Client, id: string) {
  const leave = new AbortController();
  process.once("SIGINT", () => leave.abort(new Fault("cancelled", "interrupted; the job goes on")));
  using linked = linkedSignal([leave.signal, context.readerLeft]);
  await follow(context, api, id, { signal: linked.signal }).catch((error) => {
    if (!context.readerLeft.aborted) throw error;
  });
}

export async function retryJob(context: Context, api: Client, id: string, { overwrite }: { overwrite?: boolean }) {
  const { job_id } = await api.retry(id, { ...(overwrite && { overwrite }) });
  await follow(context, api, job_id, { cancel: () => api.cancel(job_id) });
}

export async function cancelJob(context: Context, api: Client, id: string) {
  print(context, await api.cancel(id), `cancelling ${id}`);
}

const mostCells = 32;

/** A line for each, with the preset and the source's name in columns. */
function linesOf(jobs: readonly Job[]): string[] {
  const rows = jobs.map((job) => {
    const { order } = job;
    return { job, preset: order?.preset ?? "-", source: order ? cut(sourceName(order), mostCells) : "-" };
  });
  const [presets, sources] = [rows.map(({ preset }) => preset), rows.map(({ source }) => source)];
  return rows.map(({ job, preset, source }) =>
    [
      ...[job.job_id, job.status.padEnd(10), job.timestamp],
      ...[padded(preset, widest(presets)), padded(source, widest(sources)), describe(job)],
    ].join("  "),
  );
}
