import { retry } from "#shared/async/retry.ts";
import { RequestFailure } from "#shared/net/request-failure.ts";

/** How failed requests of a source are retried. */
export type SourceRetry = {
  /** The pause after the first failure, which doubles with each further one. Default: 250. */
  firstPauseMs?: number;
  /** No request begins later than this after the first failure since bytes arrived. Default: 10,000. */
  withinMs?: number;
};

/** Repeats requests that fail for a moment. `progress` returns how many bytes have arrived. */
export const retryRequest = (
  request: () => Promise<void>,
  progress: () => number,
  { firstPauseMs = 250, withinMs = 10_000 }: SourceRetry = {},
  signal: AbortSignal,
) => {
  const isRetryable = (error: unknown) => error instanceof RequestFailure && error.transient;
  return retry(request, { firstPauseMs, withinMs, progress, signal, isRetryable });
};
