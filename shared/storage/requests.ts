import { AsyncLocalStorage } from "node:async_hooks";
import type { Fault } from "#shared/fault.ts";
import type { Storage } from "./storage.ts";
import { wrapStaged } from "./wrap-staged.ts";

const counting = new AsyncLocalStorage<() => void>();

const noting = new AsyncLocalStorage<(fault: Fault) => void>();

/** Storages call this after each failure that they retry. */
export const attemptFailed = (fault: Fault) => noting.getStore()?.(fault);

/** Runs work on a storage. The listener is told of each failure that the storage retries. */
export const onFailedAttempt = <T>(listener: (fault: Fault) => void, work: () => T): T => noting.run(listener, work);

/** Storages call this for each request that they send, retries and the parts of a file included. */
export const requestSent = () => counting.getStore()?.();

type Seen = {
  request(): void;
  /** Bytes that have arrived at the storage. */
  bytes(count: number): void;
  /** Bytes that were fetched from it. */
  fetched(count: number): void;
};

/** The same storage for one job, whose requests are counted, and the bytes that go both ways. */
export function observedStorage(storage: Storage, { request, bytes, fetched }: Seen): Storage {
  const counted = <T>(work: () => T) => counting.run(request, work);
  const { unstage, create } = storage;
  return {
    ...storage,
    async stage(file, key, headers, signal, onBytes) {
      const tell = (count: number) => {
        bytes(count);
        onBytes?.(count);
      };
      return wrapStaged(await counted(() => storage.stage(file, key, headers, signal, tell)), counted);
    },
    async write(key, text, headers, signal) {
      await counted(() => storage.write(key, text, headers, signal));
      bytes(Buffer.byteLength(text));
    },
    ...(create && {
      async create(key, text, ...rest) {
        const isThere = await counted(() => create(key, text, ...rest));
        bytes(Buffer.byteLength(text));
        return isThere;
      },
    }),
    async *list(...given) {
      const keys = counted(() => storage.list(...given)[Symbol.asyncIterator]());
      for (let next = await counted(() => keys.next()); !next.done; next = await counted(() => keys.next()))
        yield next.value;
    },
    ...(unstage && { unstage: (file, key) => counted(() => unstage(file, key)) }),
    stat: (key, signal) => counted(() => storage.stat(key, signal)),
    read: (key, signal) => counted(() => storage.read(key, signal)),
    async fetch(...given) {
      const found = await counted(() => storage.fetch(...given));
      fetched(found?.bytes ?? 0);
      return found;
    },
    remove: (key, signal) => counted(() => storage.remove(key, signal)),
  };
}
