import { jobFields, type Log } from "#shared/log.ts";
import type { Storages } from "#shared/storage/kinds.ts";
import { removeAll, unstageAll } from "#worker/delivery/leftovers.ts";
import type { Job } from "#worker/job/job.ts";

/** Removes all that a job has put into a storage; whatever of it was ever shown, another job or nobody shows. */
export const makeDiscardUploads =
  ({ storages, log }: { storages: Storages; log: Log }) =>
  async ({ order, journal, meter }: Job): Promise<void> => {
    const configured = storages.get(order.output.storage);
    if (!configured)
      return log.error(jobFields(order), "the worker has no longer the storage that the job's uploads lie in");
    const storage = meter.storage(configured);
    await unstageAll(storage, await journal.staged());
    await removeAll(storage, await journal.uploads());
  };
