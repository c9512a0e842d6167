import { isWaitingId } from "#shared/job/id.ts";
import { askStatus } from "./ask-status.ts";
import type { Link } from "./link.ts";
import type { Links } from "./links.ts";

/**
 * Counts the jobs that run and never waited: those of the workers that are connected and known to be awake. A worker with a
 * job tells of it every few seconds; one that does not may be asleep behind its front, and is not asked.
 */
export async function countDirectJobs(links: Pick<Links, "refresh" | "known">): Promise<number> {
  await links.refresh();
  const awake = links.known().filter((link) => link.hasAnsweredRecently());
  const counts = await Promise.all(awake.map(directJobsOf));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function directJobsOf(link: Link): Promise<number> {
  const status = await askStatus(link);
  return (status?.activeJobIds ?? []).filter((id) => !isWaitingId(id)).length;
}
