import { setTimeout } from "node:timers/promises";
import { RequestFailure } from "#worker/net/request-failure.ts";

export type Patience = {
  /** The pause after the first failure; it doubles with each further one. */
  firstPauseMs?: number;
  /** No further try begins so long after the first failure, unless there was progress since. */
  patienceMs?: number;
};

/** Repeats an attempt after transient failures; `progress` going beyond its highest so far starts patience anew. */
export async function persist<T>(
  attempt: () => Promise<T>,
  progress: () => number,
  { firstPauseMs = 250, patienceMs = 10_000 }: Patience,
  signal: AbortSignal,
): Promise<T> {
  let best = 0;
  let pauseMs = firstPauseMs;
  let until: number | undefined;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isRetryable(error)) throw error;
      if (progress() > best) {
        best = progress();
        pauseMs = firstPauseMs;
        until = undefined;
      }
      until ??= performance.now() + patienceMs;
      if (performance.now() + pauseMs > until) throw error;
      await setTimeout(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
      pauseMs *= 2;
    }
  }
}

const isRetryable = (error: unknown) => error instanceof RequestFailure && error.transient;
