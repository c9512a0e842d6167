import type { Client } from "#controlplane/auth/client.ts";
import type { WaitingJobs } from "#controlplane/queue/waiting-jobs.ts";
import type { Links } from "#controlplane/workers/links.ts";
import type { Fault } from "#shared/fault.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Log } from "#shared/log.ts";
import type { FoundJob } from "./found-job.ts";
import type { Lookup } from "./lookup.ts";
import { checkVisible } from "./visible.ts";

/** What asks workers about ended jobs needs these. */
export type EndedJobDeps = Pick<Lookup, "find"> & {
  links: Links;
  /** The jobs that wait for a worker; absent without a waiting room. */
  waiting: Pick<WaitingJobs, "view"> | undefined;
  /** How long a worker may take to answer, should it be asleep. */
  startupTimeoutMs: number;
  log: Log;
};

/** Finds an ended job that the client may see; throws the refusal for one that waits or runs. */
export async function findEnded(jobId: string, client: Client, { find, waiting }: EndedJobDeps, refusal: Fault) {
  const waits = await waiting?.view(jobId);
  const found = waits ? undefined : await find(jobId);
  checkVisible(client, (waits ?? found)?.order);
  if (!found || !isFinal(found.event.status)) throw refusal;
  return found;
}

/** The worker of an ended job, undefined when it is not known, and all others. */
export async function workersOf({ event, worker, holder }: FoundJob, links: Links) {
  await links.refresh();
  const owner = holder ?? links.ownerOf(event.jobId, worker);
  return { owner, others: links.known().filter((link) => link !== owner) };
}
