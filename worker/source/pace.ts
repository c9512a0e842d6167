import { RequestFailure } from "#worker/net/request-failure.ts";

export type PaceLimits = {
  minBytesPerSecond?: number;
  /** What the speed is averaged over, so that a pause is no failure. */
  paceWindowMs?: number;
};

/** Counts what arrives, over whichever connections; throws when it is too little, from the first byte on. */
export function makePace({ minBytesPerSecond = 1_024, paceWindowMs = 60_000 }: PaceLimits) {
  let since: number | undefined;
  let bytes = 0;
  return (more: number) => {
    const now = performance.now();
    since ??= now;
    bytes += more;
    const elapsedMs = now - since;
    if (elapsedMs < paceWindowMs) return;
    if ((bytes * 1_000) / elapsedMs < minBytesPerSecond) {
      throw new RequestFailure(`sends less than ${minBytesPerSecond} bytes a second`);
    }
    since = now;
    bytes = 0;
  };
}
