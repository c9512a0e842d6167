import { RequestFailure } from "#shared/net/request-failure.ts";

export type SpeedLimits = {
  /** Default: 1,024. */
  minBytesPerSecond?: number;
  /** The time over which the speed is averaged, so that a pause is no failure. Default: 60 s. */
  speedWindowMs?: number;
};

/** Measures the speed over all connections, from the first byte on. Throws when it is below the limit. */
export function makeSpeedCheck({ minBytesPerSecond = 1_024, speedWindowMs = 60_000 }: SpeedLimits) {
  let since: number | undefined;
  let bytes = 0;
  return (more: number) => {
    const now = performance.now();
    since ??= now;
    bytes += more;
    const elapsedMs = now - since;
    if (elapsedMs < speedWindowMs) return;
    if ((bytes * 1_000) / elapsedMs < minBytesPerSecond) {
      throw new RequestFailure(`sends less than ${minBytesPerSecond} bytes a second`);
    }
    since = now;
    bytes = 0;
  };
}
