import { newestFirst } from "#shared/job/id.ts";
import { redactedOrder } from "#shared/job/order.ts";
import type { JobRecord } from "#shared/job/record.ts";
import { isOf, type JobQuery, type Missing, type Records, recordsProblem } from "#shared/records.ts";
import type { RetainedOutputs } from "#worker/delivery/retained-outputs.ts";
import type { Registry } from "./registry.ts";

type Listed = Pick<JobRecord, "event" | "order">;

/** The jobs of this worker and the recent records of all workers, newest first. A job of this worker hides its record. */
export async function listJobs(
  registry: Registry,
  records: Records,
  query: JobQuery,
  signal: AbortSignal,
): Promise<{ jobs: Listed[]; incomplete: Missing[] }> {
  const { status, limit, before, tenant } = query;
  const incomplete: Missing[] = [];
  const past = await records.recent(query, signal).catch((error): Listed[] => {
    const reason = recordsProblem(error);
    if (reason === undefined) throw error;
    incomplete.push({ part: "records", reason });
    return [];
  });
  const held = registry
    .all()
    .filter(({ order }) => isOf(tenant, order))
    .flatMap(({ feed, order }) => (feed.latest ? [{ event: feed.latest, order: redactedOrder(order) }] : []));
  const byId = new Map([...past, ...held].map((job) => [job.event.jobId, job]));
  const jobs = [...byId.values()]
    .filter(({ event }) => (!status || event.status === status) && (!before || newestFirst(before, event.jobId) < 0))
    .sort((a, b) => newestFirst(a.event.jobId, b.event.jobId))
    .slice(0, limit);
  return { jobs, incomplete };
}

/** The jobs whose encoded output is retained on this worker, newest first. */
export async function listRetained(
  { registry, retained, records }: { registry: Registry; retained: RetainedOutputs; records: Records },
  query: JobQuery,
  signal: AbortSignal,
): Promise<{ jobs: Listed[]; incomplete: Missing[] }> {
  const { status, tenant, before, limit } = query;
  const orders = (await retained.list()).map(({ order }) => order).filter((order) => isOf(tenant, order));
  const asked = orders
    .filter(({ jobId }) => !before || newestFirst(before, jobId) < 0)
    .sort((a, b) => newestFirst(a.jobId, b.jobId));
  const jobs: Pick<JobRecord, "event" | "order">[] = [];
  for (const order of asked) {
    const event = registry.find(order.jobId)?.feed.latest;
    const job = event ? { event, order: redactedOrder(order) } : await records.read(order.jobId, signal);
    if (job && (!status || job.event.status === status)) jobs.push(job);
    if (jobs.length >= limit) break;
  }
  return { jobs, incomplete: [] };
}
