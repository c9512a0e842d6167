import type { Rate } from "./client.ts";

/** The state of a token bucket as a request finds it. */
export type Level = {
  /** Whether a token was left for the request. */
  isAllowed: boolean;
  /** Whole tokens left after it. */
  remaining: number;
  /** Seconds until the bucket is full again. */
  resetSeconds: number;
  /** Seconds until the next request is allowed, at least 1. */
  retrySeconds: number;
};

const most = 10_000;

/** Token buckets by name: each holds a quota, gives out one token at a time and is refilled continuously over its window. */
export function makeBuckets(now: () => number) {
  const buckets = new Map<string, { tokens: number; at: number; rate: Rate }>();

  const filled = (name: string, rate: Rate) => {
    const { tokens, at } = buckets.get(name) ?? { tokens: rate.quota, at: now() };
    // A clock that was set back must not take tokens away.
    return Math.min(rate.quota, tokens + (Math.max(0, now() - at) / rate.windowMs) * rate.quota);
  };
  const level = (tokens: number, { quota, windowMs }: Rate, isAllowed: boolean): Level => {
    const secondsFor = (missing: number) => Math.max(0, Math.ceil((missing * windowMs) / quota / 1_000));
    return {
      isAllowed,
      remaining: Math.floor(tokens),
      resetSeconds: secondsFor(quota - tokens),
      retrySeconds: Math.max(1, secondsFor(1 - tokens)),
    };
  };
  const keep = (name: string, rate: Rate, tokens: number) => {
    // Reinserted as the newest. The oldest buckets are the fullest, and a full one is the same as none.
    buckets.delete(name);
    buckets.set(name, { tokens, at: now(), rate });
    for (const [oldest, bucket] of buckets) {
      if (buckets.size <= most && filled(oldest, bucket.rate) < bucket.rate.quota) return;
      buckets.delete(oldest);
    }
  };

  return {
    /** Looks at a bucket without taking a token. */
    peek(name: string, rate: Rate): Level {
      const tokens = filled(name, rate);
      return level(tokens, rate, tokens >= 1);
    },
    /** Takes a token if there is one. */
    take(name: string, rate: Rate): Level {
      const tokens = filled(name, rate);
      const isAllowed = tokens >= 1;
      const left = isAllowed ? tokens - 1 : tokens;
      keep(name, rate, left);
      return level(left, rate, isAllowed);
    },
  };
}
