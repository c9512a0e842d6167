import { codecStrings } from "#worker/mp4/codec-string.ts";
import { type BitRates, bitRatesOf } from "./bit-rates.ts";
import type { Track } from "./tracks.ts";

/** What is known of a file of an output by its name. */
export type Known = {
  /** Its size in bytes; undefined when there is no such file. */
  sizeOf(name: string): number | undefined;
  /** Its first bytes, at least of what tracks begin with; undefined where nobody has them. */
  headOf(name: string): Uint8Array | undefined;
};

/** What a track of an output really is and needs; each part is left out where it cannot be told. */
export type MeasuredTrack = {
  rates?: BitRates;
  /** What it holds, as RFC 6381 names it. */
  codecs?: readonly string[];
};

export function measureTrack(track: Track, { sizeOf, headOf }: Known): MeasuredTrack {
  const rates = bitRatesOf(track, sizeOf);
  const head = track.init === undefined ? undefined : headOf(track.init);
  const codecs = head ? codecStrings(head) : [];
  return { ...(rates && { rates }), ...(codecs.length > 0 && { codecs }) };
}
