import type { Webhook } from "./webhook.ts";

const firstPauseMs = 1_000;
const longestPauseMs = 3_600_000;
const soonMs = 10_000;

/** After that nobody tries again. */
const lifeMs = 24 * 3_600_000;

/** How long to wait after so many failed tries: 1 s, 2 s, 4 s, ... 1 h, less a random part of up to a half. */
export function pauseMs(attempts: number, random: () => number = Math.random): number {
  const longest = Math.min(firstPauseMs * 2 ** (attempts - 1), longestPauseMs);
  return longest * (1 - random() / 2);
}

/** When a worker that starts may try a webhook: soon, but not at each start of a worker that keeps restarting. */
export const dueAtStart = ({ tried, attempts }: Webhook): number => tried + Math.min(pauseMs(attempts), soonMs);

export const isExpired = ({ since }: Webhook, now: number): boolean => now > since + lifeMs;
