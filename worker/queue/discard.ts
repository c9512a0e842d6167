import { join } from "node:path";
import { jobFields, type Log } from "#shared/log.ts";
import type { Storages } from "#shared/storage/kinds.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { removeAll, unstageAll } from "#worker/delivery/leftovers.ts";
import { isSame } from "#worker/delivery/published.ts";
import type { Job } from "#worker/job/job.ts";

import type { Journal } from "#worker/journal/journal.ts";

const compareTimeoutMs = 60_000;

/** Removes all that a job has put into a storage, and what it has shown that no other job has replaced. */
export const makeDiscardUploads =
  ({ storages, log }: { storages: Storages; log: Log }) =>
  async ({ order, journal, meter }: Job): Promise<void> => {
    const configured = storages.get(order.output.storage);
    if (!configured)
      return log.error(jobFields(order), "the worker has no longer the storage that the job's uploads lie in");
    const storage = meter.storage(configured);
    await unstageAll(storage, await journal.staged());
    await removeAll(storage, [...(await shown(journal, storage)), ...(await journal.uploads())]);
  };

/** The keys of the files that a job has made visible, after it was committed. */
async function shown(journal: Journal, storage: Storage): Promise<string[]> {
  const found = await journal.read();
  const publishing = found && "publishing" in found ? found.publishing : undefined;
  if (!publishing || publishing === "damaged") return [];
  const signal = AbortSignal.timeout(compareTimeoutMs);
  const keys: string[] = [];
  for (const { name, key } of publishing.puts)
    if (await isSame(join(journal.outputDir, name), key, storage, signal)) keys.push(key);
  return keys;
}
