import { makeSemaphore } from "#shared/async/semaphore.ts";
import { Fault } from "#shared/fault.ts";
import type { Order } from "#shared/job/order.ts";
import type { Storages } from "#shared/storage/kinds.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { storageOf } from "./storage-of.ts";

/** A storage that does not answer must not hold a job up for ever. */
const timeoutMs = 30_000;
const atOnce = 8;

/** Removes what had been uploaded for an order, from the storage that it names. */
export const uploadsRemover = (storages: Storages) => (order: Order, uploads: readonly string[]) =>
  removeAll(storageOf(order, storages), uploads);

/** Removes what a job had uploaded: entries first, so that no reader finds an entry whose media are gone. */
export async function removeAll(storage: Storage, keys: Iterable<string>) {
  const signal = AbortSignal.timeout(timeoutMs);
  await entriesFirst(keys, (key) => storage.remove(key, signal));
}

/** Removes keys by a function, several at once: entries, then other playlists, then all else. Throws when one fails. */
export async function entriesFirst(keys: Iterable<string>, remove: (key: string) => Promise<void>) {
  const ranks = Map.groupBy(keys, rank);
  const failed: unknown[] = [];
  for (const level of [0, 1, 2] as const) {
    const semaphore = makeSemaphore(atOnce);
    const removing = (ranks.get(level) ?? []).map(async (key) => {
      using _permit = await semaphore.acquire();
      await remove(key);
    });
    for (const removed of await Promise.allSettled(removing)) {
      if (removed.status === "rejected") failed.push(removed.reason);
    }
  }
  if (failed.length > 0) throw new Fault("delivery_failed", "not all could be removed", { cause: failed[0] });
}

/** Removes the staged files that uploads have left which a crash has interrupted. */
export async function unstageAll(storage: Storage, staged: readonly { file: string; key: string }[]) {
  for (const { file, key } of staged) await storage.unstage?.(file, key);
}

const rank = (key: string): 0 | 1 | 2 => {
  if (/(^|\/)(master\.m3u8|manifest\.mpd)$/.test(key)) return 0;
  return /\.(m3u8|mpd)$/.test(key) ? 1 : 2;
};
