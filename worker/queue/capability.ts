import { retry } from "#shared/async/retry.ts";
import type { Log } from "#shared/log.ts";
import type { HandOvers } from "#shared/queue/hand-overs.ts";
import { untilStopped } from "#worker/retry-policy.ts";

const askTimeoutMs = 60_000;

/** Whether this worker takes orders from a waiting room: its storage of records must be able to decide who gets one. */
export function makeQueueCapability({ canClaim }: HandOvers, log: Log) {
  let isKnown = false;
  return {
    /** False also while the storage has not told yet. */
    isKnown: () => isKnown,
    /** Asks the storage until it tells or the signal aborts. */
    async find(signal: AbortSignal) {
      const onRetry = (err: unknown) => log.debug({ err }, "it is not known yet whether the storage can keep claims");
      isKnown = await retry(() => canClaim(AbortSignal.timeout(askTimeoutMs)), untilStopped(signal, onRetry));
    },
  };
}
