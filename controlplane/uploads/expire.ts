import type { Locker } from "@tus/server";
import type { Log } from "#shared/log.ts";
import { closedKey, finishedKey, openKey, openRoot, uploadKeyIn } from "#shared/uploads/keys.ts";
import type { UploadPlace } from "#shared/uploads/upload-url.ts";
import type { ByteStore } from "./byte-store.ts";
import { timeIn } from "./marks.ts";
import type { UploadMetrics } from "./metrics.ts";
import type { RemoveUpload } from "./removal.ts";
import { type EndOf, lastUseOf } from "./use.ts";

type Options = {
  place: UploadPlace;
  bytes: ByteStore;
  locker: Locker;
  remove: RemoveUpload;
  endOf: EndOf;
  /** How long an upload stays that is of no use any more. */
  expiryMs: number;
  metrics: UploadMetrics;
  now(): number;
  log: Log;
};

/**
 * Removes uploads that are not finished and of which nothing has arrived for so long, and those that no job has read for as
 * long. Any number of control planes may do so at a time.
 */
export function makeExpireUploads({ place, bytes, locker, remove, endOf, expiryMs, metrics, now, log }: Options) {
  const { storage, prefix } = place;
  const isOver = (at: number) => at + expiryMs <= now();
  const markedAt = async (key: string, signal: AbortSignal) => timeIn(await storage.read(key, signal));

  /** Whether an upload is still to go, once nothing else is done with it. */
  const isExpired = async (key: string, signal: AbortSignal) => {
    const finished = await storage.read(finishedKey(key), signal);
    if (finished !== undefined) return isOver(await lastUseOf({ storage, endOf }, key, signal));
    return isOver(await markedAt(openKey(prefix, key), signal));
  };

  const expire = async (key: string, signal: AbortSignal) => {
    if (!(await isExpired(key, signal))) return false;
    const lock = locker.newLock(key);
    await lock.lock(signal, () => {});
    try {
      if (!(await isExpired(key, signal)) || !(await remove(key, isOver, signal))) return false;
      metrics.expired();
      log.info({ upload: key }, "upload expired");
      return true;
    } finally {
      await lock.unlock();
    }
  };

  const expireIfPossible = (key: string, signal: AbortSignal) =>
    expire(key, signal).catch((err) => {
      signal.throwIfAborted();
      log.warn({ err, upload: key }, "an upload cannot be removed yet");
      return false;
    });

  /** What a crash has left between the beginning of an upload at an S3 store and its first mark, or after its last. */
  const abortOrphans = async (signal: AbortSignal) => {
    for await (const { key, abort } of bytes.begunBefore?.(now() - expiryMs, signal) ?? [])
      if ((await storage.read(openKey(prefix, key), signal)) === undefined) await abort(signal);
  };

  return async (signal: AbortSignal): Promise<void> => {
    const keys = await Array.fromAsync(storage.list(`${prefix}/`, signal));
    const isMark = (key: string, upload: string) => [finishedKey(upload), closedKey(upload)].includes(key);
    const marked = new Set<string>();
    let open = 0;
    for (const key of keys) {
      const upload = uploadKeyIn(prefix, key);
      const isOpen = key.startsWith(openRoot(prefix));
      if (isOpen) open += 1;
      if (upload && (isOpen || isMark(key, upload))) marked.add(upload);
    }
    metrics.open(open);
    for (const upload of marked) await expireIfPossible(upload, signal);
    await abortOrphans(signal);
  };
}
