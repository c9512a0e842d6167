import type { Fault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import type { Storages } from "#shared/storage/storage.ts";
import type { Job } from "#worker/jobs/job.ts";
import type { KeptOutputs } from "./kept.ts";
import { removeAll } from "./leftovers.ts";
import { storageOf } from "./storage-of.ts";

/** Removes what a job had uploaded, or keeps its output for a retry when only the delivery failed. */
export const makeGiveUp =
  ({ kept, storages, log }: { kept: KeptOutputs; storages: Storages; log: Log }) =>
  async ({ order, journal, undelivered }: Job, { kind }: Fault) => {
    try {
      const isKept =
        kind === "delivery_failed" && undelivered && (await kept.keep(order, journal, await undelivered()));
      if (isKept) log.info({ job_id: order.jobId }, "the encoded output is kept for a retry");
      else await removeAll(storageOf(order, storages), await journal.uploads());
    } catch (err) {
      log.error({ job_id: order.jobId, err }, "not all that the job had uploaded could be removed");
    }
  };
