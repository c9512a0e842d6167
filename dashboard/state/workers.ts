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
    await noteAddresses(workers.value);
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
/** What the ids of jobs begin with that waited for a worker: they name none. */
export const ofNoWorker = "0".repeat(prefixLength);

/** The addresses of workers by what the ids of their jobs begin with. */
const addresses = signal<ReadonlyMap<string, string>>(new Map());

/** What the ids of all jobs of a worker begin with. */
export const workerOf = (jobId: string) => jobId.slice(0, prefixLength);

/** The address of a worker, as far as it is known; else the beginning of its job ids. */
export const addressOf = (worker: string) => addresses.value.get(worker) ?? worker;

/** Browsers hash an address on https and localhost only; elsewhere a job that runs there tells the beginning of its ids. */
async function noteAddresses(known: readonly Worker[]) {
  const found = known.map(async ({ address, active_job_ids = [] }): Promise<[string, string][]> => {
    const prefixes = isSecureContext ? [await prefixOf(address)] : active_job_ids.map(workerOf);
    return prefixes.filter((prefix) => prefix !== ofNoWorker).map((prefix) => [prefix, address]);
  });
  const all = new Map([...addresses.peek(), ...(await Promise.all(found)).flat()]);
  if (all.size !== addresses.peek().size) addresses.value = all;
}

async function prefixOf(address: string) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(address)));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .slice(0, prefixLength);
}
