import type { Samples } from "./sample-table.ts";

/** The types of units of H.264 (ITU-T H.264, table 7-1): a slice of a picture that refers to no other, and messages. */
const [instantSlice, messages] = [5, 6];

/** Messages that tell nothing of where decoding may begin (D.1): times, captions, and words of an encoder. */
const harmless = new Set([1, 4, 5]);

/**
 * Whether pictures of H.264 are whole as far as their units tell, and those that the container marks are just those with
 * which decoding may begin: readers that look into pictures, as ffmpeg does, take others for keyframes otherwise.
 */
export function areMarked(file: Buffer, { sizes, positions, isKeyframe }: Samples): boolean {
  return sizes.every((size, at) => {
    const begin = positions[at] ?? 0;
    const units = unitsIn(file.subarray(begin, begin + size));
    if (!units) return false;
    const isInstant = units.some((unit) => typeOf(unit) === instantSlice);
    return isInstant === isKeyframe(at) && (isInstant || units.every(isHarmless));
  });
}

/** More than a picture has slices: what claims more fills no memory. */
const mostUnits = 4_096;

const typeOf = (unit: Buffer) => (unit[0] ?? 0) & 31;

/** The units of a sample, each behind its length (ISO/IEC 14496-15, 5.3.4.2); undefined where they do not fill it. */
function unitsIn(sample: Buffer): Buffer[] | undefined {
  const units: Buffer[] = [];
  let at = 0;
  while (at + 4 < sample.length) {
    const end = at + 4 + sample.readUInt32BE(at);
    if (end > sample.length || end === at + 4 || units.length === mostUnits) return undefined;
    units.push(sample.subarray(at + 4, end));
    at = end;
  }
  return at === sample.length ? units : undefined;
}

/** Whether a unit that is no slice says nothing of where decoding may begin; by the first of its messages alone. */
const isHarmless = (unit: Buffer) => typeOf(unit) !== messages || (harmless.has(unit[1] ?? 0) && isOnlyMessage(unit));

/** Behind a message of less than 255 bytes comes the bit that ends them all (7.3.2.3). */
const isOnlyMessage = (unit: Buffer) =>
  (unit[2] ?? 255) < 255 && unit.length >= 3 + (unit[2] ?? 0) + 1 && unit[3 + (unit[2] ?? 0)] === 0x80;
