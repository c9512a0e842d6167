import type { Config } from "#controlplane/config.ts";
import { makeClaims } from "#shared/claims.ts";
import { invalidField } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import { type HandOvers, makeHandOvers } from "#shared/queue/hand-overs.ts";
import { makeRecords, watchedRecords } from "#shared/records.ts";
import { openStorages } from "#shared/storage/kinds.ts";
import { recordStorage } from "#shared/storage/settings.ts";
import type { Trace } from "#shared/tracing/trace.ts";
import { openWebhooks } from "#shared/webhooks/notify.ts";
import type { Queueing } from "./open-queue.ts";
import { openRedisRoom } from "./redis/redis-room.ts";
import { openSqliteRoom } from "./sqlite/sqlite-room.ts";

// Counts for webhooks that are sent at once. Here they are saved first, because a client may be waiting for its cancel.
const patienceMs = 5_000;

/** Opens the waiting room of QUEUE_URL and what it needs in the storage of records; undefined without QUEUE_URL. */
export async function openQueueing(
  config: Config,
  { now, trace, log }: { now(): number; trace: Trace; log: Log },
): Promise<Queueing | undefined> {
  const { url } = config.queue;
  if (url === undefined) return undefined;
  const { recordPrefix: prefix } = config.storage;
  const { storage } = watchedRecords(recordStorage(config.storage, openStorages(config.storage)), log);
  const records = makeRecords({ storage, prefix });
  const place = { storage, prefix, now, log };
  const guard = { allowedCidrs: config.allowedPrivateCidrs };
  const { leave, retries } = openWebhooks({
    ...place,
    records,
    secrets: config.webhookSecrets,
    guard,
    trace,
    patienceMs,
  });
  const handOvers = makeHandOvers(place);
  await checkClaims(handOvers, storage.place, log);
  return {
    ...{ room: await openRoom(url, { now, log }), handOvers },
    claims: makeClaims({ ...place, secret: config.idempotencySecret }),
    ...{ records, retries, leave: config.webhookSecrets.length > 0 ? leave : undefined },
  };
}

const claimTimeoutMs = 5_000;

/** Throws `invalid` where workers could take no order that has waited, because nobody could decide which of them has it. */
async function checkClaims({ canClaim }: HandOvers, place: string, log: Log) {
  const can = await canClaim(AbortSignal.timeout(claimTimeoutMs)).catch((err) => {
    log.warn({ err, storage: place }, "the storage of records does not tell whether orders can wait: it is away");
    return true;
  });
  if (!can)
    throw invalidField(
      "RECORD_STORAGE",
      `${place} lets two create the same object, so that nobody can decide which worker has an order: orders cannot wait there; use a store that honours If-None-Match, or leave QUEUE_URL out`,
    );
}

const sqlite = "sqlite:";

const openRoom = async (url: string, deps: { now(): number; log: Log }) =>
  url.startsWith(sqlite) ? openSqliteRoom(url.slice(sqlite.length), deps) : await openRedisRoom(url, deps);
