import type { MediaPlaylist } from "./playlist.ts";

/** How much data a track of an output needs, as its segments say. */
export type BitRates = {
  /** Of all of its segments, in bytes. */
  bytes: number;
  /** Of all of its segments, in seconds. */
  seconds: number;
  /** The peak segment bit rate in bits per second (RFC 8216, 4.1). */
  peak: number;
  /** The average segment bit rate in bits per second (RFC 8216, 4.1). */
  average: number;
};

/** Measures a track; undefined when it has no segments, or the size of one is unknown. `sizeOf` is in bytes. */
export function bitRatesOf(
  { segments, targetDuration }: Pick<MediaPlaylist, "segments" | "targetDuration">,
  sizeOf: (name: string) => number | undefined,
): BitRates | undefined {
  const sized = segments.flatMap(({ name, seconds, bytes = sizeOf(name) }) =>
    bytes === undefined ? [] : [{ bytes, seconds }],
  );
  const { bytes, seconds } = sum(sized);
  if (sized.length < segments.length || seconds <= 0) return undefined;
  const average = (bytes * 8) / seconds;
  return { bytes, seconds, average, peak: Math.max(average, peakOf(sized, targetDuration)) };
}

type Sized = { bytes: number; seconds: number };

const sum = (list: readonly Sized[]) =>
  list.reduce((all, one) => ({ bytes: all.bytes + one.bytes, seconds: all.seconds + one.seconds }), {
    bytes: 0,
    seconds: 0,
  });

/** The largest bit rate of segments in a row that last from 0.5 to 1.5 times the target duration. */
function peakOf(segments: readonly Sized[], targetDuration: number): number {
  const [least, most] = [0.5 * targetDuration, 1.5 * targetDuration];
  let peak = 0;
  for (const first of segments.keys()) {
    const run = { bytes: 0, seconds: 0 };
    for (let at = first; at < segments.length; at += 1) {
      const { bytes, seconds } = segments[at] ?? { bytes: 0, seconds: 0 };
      run.bytes += bytes;
      run.seconds += seconds;
      if (run.seconds > most) break;
      if (run.seconds >= least) peak = Math.max(peak, (run.bytes * 8) / run.seconds);
    }
  }
  return peak;
}
