import type { Rate } from "./client.ts";

export type Level = {
  isAllowed: boolean;
  remaining: number;
  /** Until the bucket is full again. */
  resetSeconds: number;
  /** Until the next request is allowed. */
  retrySeconds: number;
};

const most = 10_000;

/** Token buckets by name: each holds a quota, gives out one token at a time and is refilled continuously over its window. */
export function makeBuckets(now: () => number) {
  const buckets = new Map<string, { tokens: number; at: number; rate: Rate }>();

  const filled = (name: string, rate: Rate) => {
    const { tokens, at } = buckets.get(name) ?? { tokens: rate.quota, at: now() };
    // A clock that was set back takes nothing away.
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
    // The one used last is the last: the first ones are the fullest, and a full one need not be kept.
    buckets.delete(name);
    buckets.set(name, { tokens, at: now(), rate });
    for (const [oldest, bucket] of buckets) {
      if (buckets.size <= most && filled(oldest, bucket.rate) < bucket.rate.quota) return;
      buckets.delete(oldest);
    }
  };

  return {
    look(name: string, rate: Rate): Level {
      const tokens = filled(name, rate);
      return level(tokens, rate, tokens >= 1);
    },
    take(name: string, rate: Rate): Level {
      const tokens = filled(name, rate);
      const isAllowed = tokens >= 1;
      const left = isAllowed ? tokens - 1 : tokens;
      keep(name, rate, left);
      return level(left, rate, isAllowed);
    },
  };
}
