import type { RetryPolicy } from "#shared/async/retry.ts";

/** For what must not fail: it is repeated until the worker stops, at most a minute apart. */
export const untilStopped = (signal: AbortSignal, onRetry: (error: unknown) => void): RetryPolicy => ({
  firstPauseMs: 1_000,
  longestPauseMs: 60_000,
  signal,
  onRetry,
});
