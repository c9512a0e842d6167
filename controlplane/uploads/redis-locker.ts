import { randomUUID } from "node:crypto";
import type { Locker } from "@tus/server";
import { HttpFault } from "#controlplane/http/problem.ts";
import { connectScripts } from "#controlplane/queue/redis/client.ts";
import { delay } from "#shared/async/delay.ts";
import type { Log } from "#shared/log.ts";
import { busyUpload, lockWaitMs } from "./lock-fault.ts";

const prefix = "{flux}:";
const answerMs = 2_000;
// A lock outlives its holder for so long. It is prolonged often, because that is when a holder hears that another waits.
const heldMs = 15_000;
const prolongMs = 500;
const lookMs = 100;

/** Locks uploads among all control planes of a waiting room in Redis. */
export function redisLocker(url: string, log: Log): Locker & Disposable {
  const scripts = connectScripts(url, { prefix, log, answerMs, onConnect() {}, onGivenUp() {} });
  const run = (name: "lock" | "prolong" | "unlock", args: readonly string[]) =>
    scripts.run(name, args).catch((cause) => {
      throw new HttpFault(503, "uploads cannot be locked: Redis is away", { "Retry-After": "5" }, { cause });
    });

  return {
    newLock(id) {
      const token = randomUUID();
      let timer: ReturnType<typeof setInterval> | undefined;

      /** Ends the holder's request when another waits for the lock, or when it may be lost. */
      const watch = (requestRelease: () => void | Promise<void>) => {
        let heldAt = performance.now();
        timer = setInterval(async () => {
          const asked = performance.now();
          const state = await run("prolong", [id, token, `${heldMs}`]).catch(() => undefined);
          if (state === 1 || state === 2) heldAt = asked;
          const mayBeLost = state === 0 || performance.now() - heldAt > heldMs / 2;
          if (state === 2 || mayBeLost) await requestRelease();
        }, prolongMs);
      };

      return {
        async lock(signal, requestRelease) {
          const until = AbortSignal.any([signal, AbortSignal.timeout(lockWaitMs)]);
          while ((await run("lock", [id, token, `${heldMs}`])) !== 1) {
            await delay(lookMs, until);
            if (until.aborted) throw busyUpload();
          }
          watch(requestRelease);
        },
        async unlock() {
          clearInterval(timer);
          // A lock that stays is free when its time is over.
          await run("unlock", [id, token]).catch((err) => log.warn({ err }, "an upload stays locked for a while"));
        },
      };
    },
    [Symbol.dispose]: () => scripts.close(),
  };
}
