import { AsyncLocalStorage } from "node:async_hooks";
import type { Fault } from "#shared/fault.ts";
import type { Storage } from "./storage.ts";

const counting = new AsyncLocalStorage<() => void>();

const noting = new AsyncLocalStorage<(fault: Fault) => void>();

/** Storages say this of every failure after which they try again. */
export const attemptFailed = (fault: Fault) => noting.getStore()?.(fault);

/** Runs work on a storage, and hears of each failure after which it tries again. */
export const onFailedAttempt = <T>(listener: (fault: Fault) => void, work: () => T): T => noting.run(listener, work);

/** Storages say this of every request that they send: of every repeated one, and of every part of a file. */
export const requestSent = () => counting.getStore()?.();

type Seen = { request(): void; bytes(count: number): void };

/** The same storage for one job, which tells of its requests and of the bytes that arrive. */
export function observedStorage(storage: Storage, { request, bytes }: Seen): Storage {
  const counted = <T>(work: () => T) => counting.run(request, work);
  const { unstage } = storage;
  return {
    ...storage,
    async stage(file, key, headers, signal, onBytes) {
      const tell = (count: number) => {
        bytes(count);
        onBytes?.(count);
      };
      const { publish, discard, check, remember } = await counted(() =>
        storage.stage(file, key, headers, signal, tell),
      );
      return {
        publish: (publishing) => counted(() => publish(publishing)),
        ...(remember && { remember: (looking) => counted(() => remember(looking)) }),
        ...(check && { check: (checking) => counted(() => check(checking)) }),
        discard: () => counted(discard),
      };
    },
    async write(key, text, headers, signal) {
      await counted(() => storage.write(key, text, headers, signal));
      bytes(Buffer.byteLength(text));
    },
    ...(unstage && { unstage: (file, key) => counted(() => unstage(file, key)) }),
    stat: (key, signal) => counted(() => storage.stat(key, signal)),
    read: (key, signal) => counted(() => storage.read(key, signal)),
    remove: (key, signal) => counted(() => storage.remove(key, signal)),
  };
}
