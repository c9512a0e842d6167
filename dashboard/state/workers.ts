import { computed, signal } from "@preact/signals";
import { ApiFault, type Worker } from "#client/client.ts";
import { keep, listed } from "./jobs.ts";
import { client, noted } from "./session.ts";

export const workers = signal<readonly Worker[] | undefined>(undefined);
/** Why the workers cannot be shown, such as a missing scope; empty when they can. */
export const workersProblem = signal("");

const refused = signal<typeof client.value | undefined>(undefined);
/** Whether the API key may not see workers. */
export const areHidden = computed(() => refused.value === client.value);

/**
 * Reads the status of the connected workers, which starts no machine. An API key that may not see workers asks once
 * only.
 */
export async function readWorkers(signal?: AbortSignal) {
  if (areHidden.value) return;
  const asking = client.value;
  try {
    workers.value = await noted(asking.workers({ wake: false }, signal));
    workersProblem.value = "";
  } catch (error) {
    if (error instanceof ApiFault) workersProblem.value = error.message;
    if (error instanceof ApiFault && error.kind === "forbidden") refused.value = asking;
    throw error;
  }
}

const mostAtOnce = 20;

/** Reads the jobs that workers say they run and that the list does not have, so that they have a name. */
export async function readActiveJobs(signal?: AbortSignal) {
  const active = (workers.value ?? []).flatMap((worker) => (worker.reachable ? worker.active_job_ids : []));
  const inList = new Set(listed.peek());
  const unknown = active.filter((jobId) => !inList.has(jobId)).slice(0, mostAtOnce);
  await Promise.all(unknown.map(async (jobId) => keep(await noted(client.value.job(jobId, signal)))));
}

const prefixLength = 8;
const addresses = new Map<string, string>();

/** What the ids of all jobs of a worker begin with. */
export const workerOf = (jobId: string) => jobId.slice(0, prefixLength);

/** The address of a worker once it was seen with a job; until then the beginning of its job ids. */
export function addressOf(worker: string) {
  for (const { address, active_job_ids = [] } of workers.value ?? [])
    for (const jobId of active_job_ids) addresses.set(workerOf(jobId), address);
  return addresses.get(worker) ?? worker;
}
