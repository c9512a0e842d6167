import { setTimeout } from "node:timers/promises";

/** Resolves after so many milliseconds, or at once when the signal aborts. It never rejects. */
export async function delay(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms > 0) await setTimeout(ms, undefined, signal && { signal }).catch(() => {});
}
