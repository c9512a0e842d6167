import type { Client } from "#controlplane/auth/client.ts";
import { type EndedJobDeps, findEnded, workersOf } from "#controlplane/lookup/ended-job.ts";
import type { FoundJob } from "#controlplane/lookup/found-job.ts";
import type { Link } from "#controlplane/workers/link.ts";
import type { Links } from "#controlplane/workers/links.ts";
import type { RemoveOutputResponse } from "#proto/worker/v1/worker_pb.js";
import { Fault, toFault } from "#shared/fault.ts";

/** Removes an ended job with what it has published; throws `conflict` for one that waits or runs. */
export type RemoveJob = (jobId: string, client: Client) => Promise<RemoveOutputResponse>;

const statusTimeoutMs = 5_000;
// What a removal reads may be terabytes. A caller that gives up may ask again: it goes on where this has ended.
const removalTimeoutMs = 3_600_000;

export function makeRemoveJob(deps: EndedJobDeps): RemoveJob {
  const { links, startupTimeoutMs, log } = deps;
  const runs = "the job has not ended: cancel it first (DELETE without ?output=true)";

  /** Asks one worker, which connects. Resolves with what keeps it from removing the job: it is unable, or silent. */
  const removeAt = async (link: Link, request: RemoveRequest, storage: string | undefined) => {
    try {
      const { capabilities } = await link.ask((calls) => calls.getStatus({}, { timeoutMs: statusTimeoutMs }));
      const needed = ["remove-output", ...(storage ? [`storage:${storage}`] : [])];
      if (!needed.every((name) => capabilities.includes(name))) return "unable";
      return await link.ask((calls) => calls.removeOutput(request, { timeoutMs: removalTimeoutMs }));
    } catch (error) {
      if (toFault(error).kind !== "unreachable") throw error;
      log.warn({ err: error, worker: link.address, job_id: request.jobId }, "a worker did not remove a job to its end");
      return "silent";
    }
  };

  return async (jobId, client) => {
    const found = await findEnded(jobId, client, deps, new Fault("conflict", runs));
    const storage = found.event.status === "completed" ? found.order?.output?.storage : undefined;
    const request = { jobId, lost: found.event.error?.kind === "worker_lost" };
    let isAnyUnable = false;
    for await (const link of candidates(found, links, startupTimeoutMs)) {
      const answer = await removeAt(link, request, storage);
      if (typeof answer === "object") return answer;
      isAnyUnable ||= answer === "unable";
    }
    throw new Fault("unreachable", isAnyUnable ? unable(storage) : "no worker that can remove the job answers");
  };
}

type RemoveRequest = { jobId: string; lost: boolean };

const unable = (storage = "") =>
  `no worker that answers can remove the job: it takes one of this version${storage && ` that has the storage ${storage}`}`;

/**
 * The workers to ask, which are awake when their turn comes: the job's own, which may remember it; others that are connected;
 * and those that must be woken. What lies on a worker's own disk only that one can remove.
 */
async function* candidates(found: FoundJob, links: Links, startupTimeoutMs: number) {
  const { event, order } = found;
  const { owner, others } = await workersOf(found, links);
  const isOnItsDisk = order?.output?.storage === "local" || event.error?.kind === "delivery_failed";
  const all = owner ? [owner, ...(isOnItsDisk ? [] : others)] : others;
  const connected = all.filter((link) => link.isConnected());
  yield* connected;
  for (const link of all) if (!connected.includes(link) && (await link.wake(startupTimeoutMs))) yield link;
}
