import { delay } from "#shared/async/delay.ts";

/** Waits that can be ended from outside. Not reentrant: one wait at a time. */
export function makeAlarm(signal: AbortSignal) {
  let isRung = false;
  let waiting: AbortController | undefined;
  const ring = () => {
    isRung = true;
    waiting?.abort();
  };
  signal.addEventListener("abort", ring, { once: true });
  return {
    /** Ends the wait; without one, the next wait ends at once. */
    ring,
    /** Whether it was rung since the last wait ended. */
    get isRung() {
      return isRung;
    },
    /** Resolves after so many milliseconds, or when it is rung. */
    async wait(ms: number) {
      if (!isRung) {
        waiting = new AbortController();
        await delay(ms, waiting.signal);
        waiting = undefined;
      }
      isRung = false;
    },
  };
}
