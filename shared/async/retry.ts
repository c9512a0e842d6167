import { type Backoff, makeBackoff, type RetryLimits } from "./backoff.ts";
import { delay } from "./delay.ts";

export type RetryPolicy = Backoff &
  RetryLimits & {
    /** Whether another attempt may succeed. Default: after every error. */
    isRetryable?(error: unknown): boolean | Promise<boolean>;
    /** Told of each failure that another attempt follows; the pause begins when it is done. */
    onRetry?(error: unknown): unknown;
  };

/** Repeats work that fails, within the limits of a policy. Throws the failure of the last attempt. */
export async function retry<T>(work: () => Promise<T>, policy: RetryPolicy): Promise<T> {
  const { isRetryable = () => true, onRetry, signal } = policy;
  const nextPause = makeBackoff(policy);
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const pauseMs = nextPause();
      if (pauseMs === undefined || !(await isRetryable(error))) throw error;
      await onRetry?.(error);
      await delay(pauseMs, signal);
      if (signal?.aborted) throw error;
    }
  }
}

/** Asks until an answer will do, within the limits of a policy. Returns the last answer. */
export async function poll<T>(
  ask: () => Promise<T>,
  isDone: (answer: T) => boolean,
  policy: Backoff & RetryLimits,
): Promise<T> {
  const nextPause = makeBackoff(policy);
  for (;;) {
    const answer = await ask();
    const pauseMs = isDone(answer) ? undefined : nextPause();
    if (pauseMs === undefined) return answer;
    await delay(pauseMs, policy.signal);
    if (policy.signal?.aborted) return answer;
  }
}
