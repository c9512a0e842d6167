import { claimKeyOf } from "#shared/claims.ts";
import type { Log } from "#shared/log.ts";
import { makeRecords, watchedRecords } from "#shared/records.ts";
import type { Storages } from "#shared/storage/kinds.ts";
import { recordStorage, type StorageConfig } from "#shared/storage/settings.ts";
import { canDecide, type Storage } from "#shared/storage/storage.ts";

/** The storage of records, and of what lies beside them. */
export type Recorded = { storage: Storage; prefix: string };

/** Opens the storage of records: with short time-outs for callers who wait, and as `background` without them. */
export function openRecorded(
  { storage: config, idempotencySecret }: { storage: StorageConfig; idempotencySecret: string },
  storages: Storages,
  log: Log,
  given?: Recorded,
) {
  const background = given ?? { storage: recordStorage(config, storages), prefix: config.recordPrefix };
  const { storage, problem: recordsProblem } = watchedRecords(background.storage, log);
  const recorded = { ...background, storage };
  const keyOf = claimKeyOf(idempotencySecret);
  return {
    recorded,
    records: makeRecords({ ...recorded, claimKeyOf: keyOf }),
    background: { ...background, records: makeRecords({ ...background, claimKeyOf: keyOf }) },
    recordsProblem,
  };
}

const timeoutMs = 60_000;

/** Warns when orders with an `Idempotency-Key`, and those that waited, will be refused because the storage cannot decide who created an object. */
export async function warnIfUndecided({ storage, prefix }: Recorded, log: Log) {
  if (!storage.decides) return;
  const can = await canDecide(storage, `${prefix}/`, AbortSignal.timeout(timeoutMs)).catch(() => true);
  if (!can)
    log.warn(
      { storage: storage.place },
      "the storage of records lets two create the same object: orders with an Idempotency-Key are refused, and none that has waited is taken",
    );
}
