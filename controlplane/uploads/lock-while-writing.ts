import type { Locker } from "@tus/server";
import type { makeSerial } from "#shared/async/serial.ts";

/** The writes to uploads that are under way, by key. */
export type Writes = ReturnType<typeof makeSerial>;

/**
 * The same locks, but none is given back while a write to its upload is under way: @tus/server gives one back as soon as a
 * request breaks off, while what it had sent is still on its way to the store.
 */
export const lockWhileWriting = (locker: Locker, writes: Writes): Locker => ({
  newLock(id) {
    const lock = locker.newLock(id);
    return {
      lock: (signal, requestRelease) => lock.lock(signal, requestRelease),
      async unlock() {
        await writes.idle(id);
        await lock.unlock();
      },
    };
  },
});
