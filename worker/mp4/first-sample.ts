import { boxesAt, flagsOf, signedAt, unsignedAt, viewOf } from "./boxes.ts";

/**
 * Where the first sample of each track of a fragment ends, by its ID, in bytes from the beginning of the fragment's index
 * (`moof`; ISO/IEC 14496-12, 8.8.7 and 8.8.8). A track whose fragment does not say so is left out.
 */
export function firstSampleEnds(moof: Uint8Array): Map<number, number> {
  const ends = new Map<number, number>();
  for (const traf of boxesAt(viewOf(moof), "moof/traf")) {
    const [header] = boxesAt(traf, "tfhd");
    const [run] = boxesAt(traf, "trun");
    const end = header && run && endOfFirst(header, run);
    if (end !== undefined) ends.set(unsignedAt(header ?? traf, 4), end);
  }
  return ends;
}

// The optional fields of both boxes, in their order.
const headerFields = { base: 0x1, description: 0x2, duration: 0x8, size: 0x10 };
const runFields = { offset: 0x1, flags: 0x4, duration: 0x100, size: 0x200 };

function endOfFirst(header: DataView, run: DataView): number | undefined {
  const [given, runs] = [flagsOf(header), flagsOf(run)];
  // Offsets then count from somewhere else.
  if (given & headerFields.base || !(runs & runFields.offset)) return undefined;
  const before = (given & headerFields.description ? 4 : 0) + (given & headerFields.duration ? 4 : 0);
  const usual = given & headerFields.size ? unsignedAt(header, 8 + before) : undefined;
  const sample = 12 + (runs & runFields.flags ? 4 : 0) + (runs & runFields.duration ? 4 : 0);
  const size = runs & runFields.size ? unsignedAt(run, sample) : usual;
  return size === undefined ? undefined : signedAt(run, 8) + size;
}
