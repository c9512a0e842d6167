import { setTimeout } from "node:timers/promises";

const [firstPauseMs, longestPauseMs] = [1_000, 60_000];

type Options = {
  /** No further try begins once it is aborted: then the last failure is thrown. */
  signal: AbortSignal;
  onFailure(error: unknown): void;
  /** It has been tried just now. */
  pauseFirst?: boolean;
};

/** Repeats, at growing intervals, what must not fail. */
export async function insist<T>(
  work: () => Promise<T>,
  { signal, onFailure, pauseFirst = false }: Options,
): Promise<T> {
  if (pauseFirst) await setTimeout(firstPauseMs, undefined, { signal }).catch(() => {});
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw error;
      onFailure(error);
      await setTimeout(pauseMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) throw error;
    }
  }
}
