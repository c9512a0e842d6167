import { codecStrings } from "#worker/mp4/codec-string.ts";
import type { SegmentContents } from "#worker/verify/segment-inspector.ts";
import { type BitRates, bitRatesOf } from "./bit-rates.ts";
import type { Track } from "./tracks.ts";

/** What is known of a file of an output by its name. */
export type Known = {
  /** Its size in bytes; undefined when there is no such file. */
  sizeOf(name: string): number | undefined;
  /** Its first bytes, at least of what tracks begin with; undefined where nobody has them. */
  headOf(name: string): Uint8Array | undefined;
  /** What it holds, if it is a segment that could be read. */
  contentsOf(name: string): SegmentContents;
};

/** What a track of an output really is and needs; each part is left out where it cannot be told. */
export type MeasuredTrack = {
  rates?: BitRates;
  /** What it holds, as RFC 6381 names it. */
  codecs?: readonly string[];
};

export function measureTrack(track: Track, known: Known): MeasuredTrack {
  const rates = bitRatesOf(track, known.sizeOf);
  const codecs = track.init === undefined ? codecsIn(track, known) : codecStrings(known.headOf(track.init) ?? none);
  return { ...(rates && { rates }), ...(codecs.length > 0 && { codecs }) };
}

const none = new Uint8Array();

/** Segments without an init segment say themselves what they hold; a short one may lack what others have. */
function codecsIn({ segments }: Track, { contentsOf }: Known): string[] {
  const streams = new Map<number, string | undefined>();
  for (const track of segments.flatMap(({ name }) => contentsOf(name) ?? [])) {
    streams.set(track.id, streams.get(track.id) ?? track.codec);
  }
  const codecs = [...streams.values()];
  // All or none: what is left out would be taken for what is not there.
  return codecs.flatMap((codec) => (codec === undefined || codecs.includes(undefined) ? [] : codec));
}
