import type { Locker } from "@tus/server";
import type { Config } from "#controlplane/config.ts";
import { makeSerial } from "#shared/async/serial.ts";
import type { Log } from "#shared/log.ts";
import { openStorages } from "#shared/storage/kinds.ts";
import { uploadPlace } from "#shared/storage/settings.ts";
import type { UploadPlace } from "#shared/uploads/upload-url.ts";
import { type ByteStore, openByteStore } from "./byte-store.ts";
import { checkPrivate } from "./check-private.ts";
import { makeExpireUploads } from "./expire.ts";
import { lockWhileWriting } from "./lock-while-writing.ts";
import { makeMarks } from "./marks.ts";
import { memoryLocker } from "./memory-locker.ts";
import type { UploadMetrics } from "./metrics.ts";
import { redisLocker } from "./redis-locker.ts";
import { makeRemoveUpload } from "./removal.ts";
import { makeUploadStore } from "./store.ts";
import { makeUploadServer, type UploadServer } from "./tus-server.ts";
import type { EndOf } from "./use.ts";

/** Where uploads are kept, and what locks them. */
export type Uploads = {
  place: UploadPlace;
  bytes: ByteStore;
  locker: Locker & Partial<Disposable>;
  limits: NonNullable<Config["uploads"]>;
};

/** Opens what uploads need; undefined where none are taken. Throws `invalid` where they would not be private. */
export async function openUploads({ storage, queue, uploads: limits }: Config, log: Log): Promise<Uploads | undefined> {
  const place = uploadPlace(storage, openStorages(storage));
  if (!place || !limits) return undefined;
  await checkPrivate(place, log);
  const isRedis = /^rediss?:/.test(queue.url ?? "");
  const locker = queue.url !== undefined && isRedis ? redisLocker(queue.url, log) : memoryLocker();
  return { place, limits, locker, bytes: await openByteStore(storage, place.storage, log) };
}

type Deps = { endOf: EndOf; metrics: UploadMetrics; now(): number; closing: AbortSignal; log: Log };

const longestPauseMs = 3_600_000;

/** Begins to take uploads, and to remove those that have expired. */
export function beginUploads({ place, bytes, locker: locks, limits }: Uploads, deps: Deps): UploadServer {
  const { now, closing, log } = deps;
  const { expiryMs } = limits;
  const marks = makeMarks(place, now);
  const writes = makeSerial();
  const locker = lockWhileWriting(locks, writes);
  const remove = makeRemoveUpload({ place, bytes, endOf: deps.endOf });
  const store = makeUploadStore({ ...deps, storage: place.storage, bytes, remove, marks, writes, expiryMs });
  const expire = makeExpireUploads({ ...deps, place, bytes, locker, remove, expiryMs });
  const expireNow = () =>
    expire(closing).catch((err) => closing.aborted || log.warn({ err }, "expired uploads cannot be looked for"));
  void expireNow();
  const timer = setInterval(expireNow, Math.min(expiryMs / 4, longestPauseMs));
  closing.addEventListener("abort", () => {
    clearInterval(timer);
    locks[Symbol.dispose]?.();
  });
  const server = makeUploadServer({ place, bytes, store, locker, marks, ...limits });
  return async (request, client) => (await server)(request, client);
}
