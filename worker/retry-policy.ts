import { type RetryPolicy, retry } from "#shared/async/retry.ts";

/** For what must not fail: it is repeated until the worker stops, at most a minute apart. */
export const untilStopped = (signal: AbortSignal, onRetry: (error: unknown) => void): RetryPolicy => ({
  firstPauseMs: 1_000,
  longestPauseMs: 60_000,
  signal,
  onRetry,
});

/** Repeats work until it succeeds; throws the signal's reason when that aborts first. */
export async function surely<T>(work: () => Promise<T>, signal: AbortSignal, onRetry: (error: unknown) => void) {
  signal.throwIfAborted();
  try {
    return await retry(work, untilStopped(signal, onRetry));
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
