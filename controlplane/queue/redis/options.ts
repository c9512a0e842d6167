import type { RedisOptions } from "bun";

/**
 * How Bun's client behaves here. It tries for ever, as by default it gives up after half a minute. Without the offline
 * queue a command fails at once while Redis is away, instead of being executed after its caller was told that it failed.
 */
export const options = {
  autoReconnect: true,
  maxRetries: 4_294_967_295,
  enableOfflineQueue: false,
  connectionTimeout: 5_000,
} as const satisfies RedisOptions;
