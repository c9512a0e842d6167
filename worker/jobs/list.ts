import type { JobEvent } from "#shared/job/event.ts";
import { newestFirst } from "#shared/job/id.ts";
import type { JobStatus } from "#shared/job/status.ts";
import type { Records } from "#shared/records.ts";
import type { Registry } from "./registry.ts";

type Page = { status: JobStatus | undefined; limit: number; before: string | undefined };

/** The jobs of this worker and the recent records of all, newest first; what is held here is newer than its record. */
export async function listJobs(
  registry: Registry,
  records: Records,
  page: Page,
  signal: AbortSignal,
): Promise<JobEvent[]> {
  const { status, limit, before } = page;
  const past = await records.recent({ limit, ...(status && { status }), ...(before && { before }) }, signal);
  const held = registry.all().flatMap(({ feed }) => (feed.latest ? [feed.latest] : []));
  const byId = new Map([...past.map(({ event }) => event), ...held].map((event) => [event.jobId, event]));
  return [...byId.values()]
    .filter((event) => (!status || event.status === status) && (!before || newestFirst(before, event.jobId) < 0))
    .sort((a, b) => newestFirst(a.jobId, b.jobId))
    .slice(0, limit);
}
