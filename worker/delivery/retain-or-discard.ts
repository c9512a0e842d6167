import { Fault } from "#shared/fault.ts";
import { jobFields, type Log } from "#shared/log.ts";
import type { Storages } from "#shared/storage/kinds.ts";
import type { Job } from "#worker/job/job.ts";
import { removeAll } from "./leftovers.ts";
import type { RetainedOutputs } from "./retained-outputs.ts";
import { storageOf } from "./storage-of.ts";

const retryWords = "the encoded output is kept: retry the job when the storage is in order";

/**
 * Cleans up after a job that ends without success: retains its output for a retry when only the delivery failed, otherwise
 * removes what it had uploaded. Returns the fault for the final event.
 */
export const makeRetainOrDiscard =
  ({ retained, storages, log }: { retained: RetainedOutputs; storages: Storages; log: Log }) =>
  async ({ order, journal, meter, undelivered }: Job, fault: Fault): Promise<Fault> => {
    const { kind, message, cause } = fault;
    const logged = (message: string) => (err: unknown) => log.error({ ...jobFields(order), err }, message);
    const retain = async () =>
      kind === "delivery_failed" && undelivered && retained.retain(order, journal, await undelivered());
    const remove = async () => removeAll(meter.storage(storageOf(order, storages)), await journal.uploads());
    if (await retain().catch(logged("the encoded output could not be kept")))
      return new Fault(kind, `${message}; ${retryWords}`, { cause });
    await remove().catch(logged("not all that the job had uploaded could be removed"));
    return fault;
  };
