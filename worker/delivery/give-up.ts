import { Fault } from "#shared/fault.ts";
import { jobFields, type Log } from "#shared/log.ts";
import type { Storages } from "#shared/storage/storage.ts";
import type { Job } from "#worker/job/job.ts";
import type { KeptOutputs } from "./kept.ts";
import { removeAll } from "./leftovers.ts";
import { storageOf } from "./storage-of.ts";

const retryWords = "the encoded output is kept: retry the job when the storage is in order";

/**
 * Removes what a job had uploaded, or keeps its output for a retry when only the delivery failed. Returns what its client
 * is told.
 */
export const makeGiveUp =
  ({ kept, storages, log }: { kept: KeptOutputs; storages: Storages; log: Log }) =>
  async ({ order, journal, meter, undelivered }: Job, fault: Fault): Promise<Fault> => {
    const { kind, message, cause } = fault;
    const logged = (message: string) => (err: unknown) => log.error({ ...jobFields(order), err }, message);
    const keep = async () =>
      kind === "delivery_failed" && undelivered && kept.keep(order, journal, await undelivered());
    const remove = async () => removeAll(meter.storage(storageOf(order, storages)), await journal.uploads());
    if (await keep().catch(logged("the encoded output could not be kept")))
      return new Fault(kind, `${message}; ${retryWords}`, { cause });
    await remove().catch(logged("not all that the job had uploaded could be removed"));
    return fault;
  };
