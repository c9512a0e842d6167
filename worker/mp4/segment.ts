import { fragmentsIn } from "#worker/verify/fragments.ts";
import { type SegmentTrack, withSample } from "#worker/verify/segment-track.ts";
import { boxesAt, unsignedAt, viewOf } from "./boxes.ts";

// The samples of ten minutes at 120 per second, if they were one segment.
const mostSamples = 100_000;

/**
 * Adds the samples of a fragment, as its index (`moof`) describes them, to those of the segment; false when the index cannot
 * be read.
 */
export function addFragment(tracks: Map<number, SegmentTrack>, moof: Uint8Array): boolean {
  const counts = boxesAt(viewOf(moof), "moof/traf/trun").map((trun) => unsignedAt(trun, 4));
  if (counts.reduce((sum, count) => sum + count, 0) > mostSamples) return false;
  const fragments = fragmentsIn(moof, []);
  for (const { trackId: id, decodeTime, samples } of fragments) {
    let decoded = decodeTime;
    for (const { duration, compositionOffset } of samples) {
      const shown = decoded + compositionOffset;
      tracks.set(id, withSample(tracks.get(id), { id, kind: undefined, decoded, shown }));
      decoded += duration;
    }
  }
  return fragments.length > 0;
}
