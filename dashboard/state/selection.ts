import { computed, signal } from "@preact/signals";
import { isFinal } from "#client/client.ts";
import { jobSignal, listed, readJobs } from "./jobs.ts";
import { client, noted } from "./session.ts";

/** The jobs of the list that are to be cancelled or run again together. */
export const selected = signal<ReadonlySet<string>>(new Set());

export function select(jobId: string, isSelected: boolean) {
  const next = new Set(selected.peek());
  if (isSelected) next.add(jobId);
  else next.delete(jobId);
  selected.value = next;
}

export const selectAll = (isSelected: boolean) => {
  selected.value = new Set(isSelected ? listed.peek() : []);
};

/** What can be done with those that are selected. A completed job is run again on its page, which asks about its output. */
export const choices = computed(() => {
  const jobs = listed.value
    .filter((jobId) => selected.value.has(jobId))
    .flatMap((jobId) => jobSignal(jobId)?.value ?? []);
  const ids = (fits: (status: (typeof jobs)[number]["status"]) => boolean) =>
    jobs.filter(({ status }) => fits(status)).map(({ job_id }) => job_id);
  return {
    all: jobs.length,
    toCancel: ids((status) => !isFinal(status)),
    toRetry: ids((status) => status === "failed" || status === "cancelled"),
  };
});

export const cancelAll = (jobIds: readonly string[]) =>
  each(jobIds, "cancelled", (jobId) => client.value.cancel(jobId));

export const retryAll = (jobIds: readonly string[]) =>
  each(jobIds, "ordered again", (jobId) => client.value.retry(jobId));

const atOnce = 4;

/** Does something with each job, a few at a time, and says in words what came of it. Those that refused stay selected. */
async function each(jobIds: readonly string[], done: string, act: (jobId: string) => Promise<unknown>) {
  const left = [...jobIds];
  const refusals = new Map<string, string>();
  const work = async () => {
    for (let jobId = left.pop(); jobId !== undefined; jobId = left.pop()) {
      const refused = jobId;
      await noted(act(jobId)).catch((error) => refusals.set(refused, error instanceof Error ? error.message : ""));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  selected.value = new Set(refusals.keys());
  await readJobs().catch(() => {});
  const [first] = refusals.values();
  const words = `${jobIds.length - refusals.size} ${done}`;
  return first === undefined ? words : `${words}, ${refusals.size} not: ${first}`;
}
