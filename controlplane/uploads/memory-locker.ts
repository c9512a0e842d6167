import type { Locker } from "@tus/server";
import { abortable } from "#shared/async/abortable.ts";
import { busyUpload, lockWaitMs } from "./lock-fault.ts";

type Held = { requestRelease(): void | Promise<void>; freed: Promise<void> };

/**
 * Locks uploads among the requests of this process. Who waits for one asks its holder to end. (The locker of @tus/server
 * does the same, but looks in a busy loop whether the lock is free.)
 */
export function memoryLocker(): Locker {
  const held = new Map<string, Held>();
  return {
    newLock(id) {
      const freed = Promise.withResolvers<void>();
      return {
        async lock(signal, requestRelease) {
          const until = AbortSignal.any([signal, AbortSignal.timeout(lockWaitMs)]);
          for (let other = held.get(id); other; other = held.get(id)) {
            await other.requestRelease();
            await abortable(other.freed, until).catch(() => {
              throw busyUpload();
            });
          }
          held.set(id, { requestRelease, freed: freed.promise });
        },
        async unlock() {
          held.delete(id);
          freed.resolve();
        },
      };
    },
  };
}
