/** The pauses between attempts. All times are milliseconds. */
export type Backoff = {
  /** The pause after the first failure. */
  firstPauseMs: number;
  /** No pause is longer. Default: no limit. */
  longestPauseMs?: number;
  /** How many times as long each pause is as the one before. Default: 2. */
  factor?: number;
  /** The share of a pause, from 0 to 1, up to which it is shortened at random. Default: 0. */
  jitter?: number;
};

/** When to stop trying. */
export type RetryLimits = {
  /** The most attempts, the first one included. Default: no limit. */
  attempts?: number;
  /** No attempt begins later than this after the first failure. Default: no limit. */
  withinMs?: number;
  /** No attempt begins later than this after the first attempt began. Default: no limit. */
  totalMs?: number;
  /**
   * How far the work has come. Once it has come further than in any attempt before, `attempts`, `withinMs` and the
   * pauses begin anew.
   */
  progress?(): number;
  /** Once it aborts no other attempt begins. */
  signal?: AbortSignal;
  /** The clock of the limits. Default: `performance.now`. */
  now?(): number;
};

/** The pause after so many failures in a row. */
export function pauseAfter(failures: number, backoff: Backoff, random: () => number = Math.random): number {
  const { firstPauseMs, longestPauseMs = Number.POSITIVE_INFINITY, factor = 2, jitter = 0 } = backoff;
  return Math.min(firstPauseMs * factor ** (failures - 1), longestPauseMs) * (1 - jitter * random());
}

const endless = Number.POSITIVE_INFINITY;

/** Begins to count attempts. What it returns gives the pause after each failure; undefined: no further attempt. */
export function makeBackoff(policy: Backoff & RetryLimits): () => number | undefined {
  const { attempts = endless, withinMs = endless, totalMs = endless, progress, signal } = policy;
  const { now = () => performance.now() } = policy;
  const begunAt = now();
  let [failures, best] = [0, 0];
  let failedAt = 0;

  const countFailure = () => {
    const reached = progress?.() ?? 0;
    if (reached > best) [failures, best] = [0, reached];
    if (failures === 0) failedAt = now();
    failures += 1;
  };
  return () => {
    if (signal?.aborted) return undefined;
    countFailure();
    const pauseMs = pauseAfter(failures, policy);
    const isOver = failures >= attempts || now() + pauseMs > Math.min(failedAt + withinMs, begunAt + totalMs);
    return isOver ? undefined : pauseMs;
  };
}
