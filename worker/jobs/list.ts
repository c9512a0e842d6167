import { toFault } from "#shared/fault.ts";
import { newestFirst } from "#shared/job/id.ts";
import { redactedOrder } from "#shared/job/order.ts";
import type { JobRecord } from "#shared/job/record.ts";
import { mergePages } from "#shared/outcomes/merge-pages.ts";
import { isOf, type JobQuery, matches } from "#shared/outcomes/query.ts";
import { type Missing, type Records, recordsProblem } from "#shared/records.ts";
import type { RetainedOutputs } from "#worker/delivery/retained-outputs.ts";
import type { Registry } from "./registry.ts";

type Listed = Pick<JobRecord, "event" | "order">;
type Page = { jobs: Listed[]; next: string | undefined; incomplete: Missing[] };

/** The jobs of this worker and, with records, the recent ones of all workers. A job of this worker hides its record. */
export async function listJobs(
  registry: Registry,
  records: Pick<Records, "recent"> | undefined,
  query: JobQuery,
  signal: AbortSignal,
): Promise<Page> {
  const { limit, before } = query;
  // Of one that is over only since then, the page may not tell yet.
  const over = new Set(registry.all().flatMap(({ order: { jobId } }) => (registry.isOver(jobId) ? [jobId] : [])));
  const past = records ? await recorded(records, query, signal) : { jobs: [], next: undefined, incomplete: [] };
  const all = registry
    .all()
    .flatMap(({ feed, order }) => (feed.latest ? [{ event: feed.latest, order: redactedOrder(order) }] : []));
  const others = new Set(all.filter((job) => !matches(query, job)).map(({ event }) => event.jobId));
  const told = new Set(past.jobs.map(({ event }) => event.jobId));
  // One that is over and has no record was removed by another worker.
  const isRemoved = (jobId: string) =>
    records !== undefined && past.incomplete.length === 0 && over.has(jobId) && !told.has(jobId);
  const held = all
    .filter((job) => matches(query, job) && (!before || newestFirst(before, job.event.jobId) < 0))
    .filter(({ event }) => !isRemoved(event.jobId));
  const known = { ...past, jobs: past.jobs.filter(({ event }) => !others.has(event.jobId)) };
  return { ...mergePages([{ jobs: held, next: undefined }, known], limit), incomplete: past.incomplete };
}

/** A page of records; what is missing of it is told in place of being thrown. */
async function recorded(records: Pick<Records, "recent">, query: JobQuery, signal: AbortSignal): Promise<Page> {
  try {
    const { jobs, next, failure } = await records.recent(query, signal);
    return { jobs, next, incomplete: failure === undefined ? [] : [missingRecords(failure)] };
  } catch (error) {
    if (recordsProblem(error) === undefined) throw error;
    return { jobs: [], next: undefined, incomplete: [missingRecords(error)] };
  }
}

const missingRecords = (error: unknown): Missing => ({
  part: "records",
  reason: recordsProblem(error) ?? toFault(error).message,
});

/** The jobs whose encoded output is retained on this worker, newest first. */
export async function listRetained(
  { registry, retained, records }: { registry: Registry; retained: RetainedOutputs; records: Records },
  query: JobQuery,
  signal: AbortSignal,
): Promise<Page> {
  const { tenant, before, limit } = query;
  const orders = (await retained.list()).map(({ order }) => order).filter((order) => isOf(tenant, order));
  const asked = orders
    .filter(({ jobId }) => !before || newestFirst(before, jobId) < 0)
    .sort((a, b) => newestFirst(a.jobId, b.jobId));
  const jobs: Listed[] = [];
  for (const order of asked) {
    const event = registry.find(order.jobId)?.feed.latest;
    const job = event ? { event, order: redactedOrder(order) } : await records.read(order.jobId, signal);
    if (job && matches(query, job)) jobs.push(job);
    if (jobs.length >= limit) break;
  }
  return { jobs, next: undefined, incomplete: [] };
}
