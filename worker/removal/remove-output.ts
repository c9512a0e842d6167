import { abortable } from "#shared/async/abortable.ts";
import { linkedSignal } from "#shared/async/linked-signal.ts";
import { Fault } from "#shared/fault.ts";
import type { JobRecord } from "#shared/job/record.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Records } from "#shared/records.ts";
import type { Storages } from "#shared/storage/kinds.ts";
import type { RetainedOutputs } from "#worker/delivery/retained-outputs.ts";
import { storageOf } from "#worker/delivery/storage-of.ts";
import type { Step } from "#worker/job/steps.ts";
import type { Registry } from "#worker/jobs/registry.ts";
import { checkedObjects } from "./checked-objects.ts";
import { type RemovedObjects, removeObjects } from "./remove-objects.ts";

type Options = {
  registry: Pick<Registry, "find" | "over" | "occupy" | "forget">;
  records: Pick<Records, "read" | "objects" | "remove">;
  retained: Pick<RetainedOutputs, "discard">;
  /** The configured storages, by name. */
  storages: Storages;
  /** The folder of the records, in which no output lies. */
  recordPrefix: string;
  step: Step;
};

/**
 * Removes what an ended job has published, what this worker retains of it, and last its record: after a crash it can be
 * repeated. `isLost`: nobody runs the job any more, though its record tells no end.
 */
export type RemoveOutput = (
  jobId: string,
  options: { isLost: boolean; signal: AbortSignal },
) => Promise<RemovedObjects>;

/** How long the end of a job may take to be recorded while somebody waits for that. */
const endingMs = 10_000;

export function makeRemoveOutput({ registry, records, retained, storages, step, recordPrefix }: Options): RemoveOutput {
  const whenOver = async (jobId: string, signal: AbortSignal) => {
    const job = registry.find(jobId);
    if (job && !job.hasEnded()) throw new Fault("conflict", "the job has not ended: cancel it first");
    using limit = linkedSignal([signal], endingMs);
    await abortable(registry.over(jobId), limit.signal).catch(() => {
      throw new Fault("conflict", "the job's end is still being recorded and told: try again in a minute");
    });
  };

  const removeIts = async ({ order, event, objects: counted }: JobRecord, signal: AbortSignal) => {
    if (event.status !== "completed") return { removed: 0, different: [] };
    const storage = storageOf(order, storages);
    const listed = await records.objects(order.jobId, signal);
    const objects = await checkedObjects(
      { order, listed, isCounted: counted !== undefined, recordPrefix },
      storage,
      signal,
    );
    return removeObjects(storage, objects, step, signal);
  };

  return async (jobId, { isLost, signal }) => {
    await whenOver(jobId, signal);
    const release = registry.occupy();
    try {
      const record = await records.read(jobId, signal);
      if (!record) throw new Fault("not_found", `no job ${jobId}`);
      if (!isFinal(record.event.status) && !isLost)
        throw new Fault("conflict", "the job has not ended: cancel it first");
      const removed = await removeIts(record, signal);
      await step("remove-retained", () => retained.discard(jobId));
      await step("remove-record", () => records.remove(jobId, signal));
      return removed;
    } finally {
      registry.forget(jobId);
      release();
    }
  };
}
