import { computed, signal } from "@preact/signals";
import { ApiFault, type Worker } from "#client/client.ts";
import { client, noted } from "./session.ts";

export const workers = signal<readonly Worker[] | undefined>(undefined);
/** Why they are not shown, as when a key may not see them. */
export const workersProblem = signal("");

const refused = signal<typeof client.value | undefined>(undefined);
/** The key may not see them. */
export const areHidden = computed(() => refused.value === client.value);

/** Asks those that are awake: looking starts no machine. A key that may not see them asks once. */
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

const prefixLength = 8;
const addresses = new Map<string, string>();

/** What the ids of a worker's jobs begin with. */
export const workerOf = (jobId: string) => jobId.slice(0, prefixLength);

/** The address of a worker, as soon as it was seen with a job; until then what its job ids begin with. */
export function addressOf(worker: string) {
  for (const { address, active_job_ids = [] } of workers.value ?? [])
    for (const jobId of active_job_ids) addresses.set(workerOf(jobId), address);
  return addresses.get(worker) ?? worker;
}
