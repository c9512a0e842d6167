import { avcString, hevcString } from "#worker/mp4/codec-string.ts";
import { type PictureSize, sizeIn } from "./sps.ts";

/** How much of the beginning of a stream tells what it is. */
export const headBytes = 1_024;

/** What a stream says of itself. */
type Described = { codec?: string; size?: PictureSize };

/**
 * What a stream of MPEG-TS holds, by its type (ISO/IEC 13818-1, table 2-34) and its first bytes; each part is left out where
 * they do not say it. `codec` is as RFC 6381 names it.
 */
export function describeStream(type: number, head: Uint8Array): Described {
  if (type === 0x1b) return avcIn(head);
  const codec = codecOf(type, head);
  return codec === undefined ? {} : { codec };
}

/** ATSC A/53 part 3, 6.7.1. */
const named = new Map([
  [0x81, "ac-3"],
  [0x87, "ec-3"],
]);

function codecOf(type: number, head: Uint8Array): string | undefined {
  if (type === 0x24) return hevcIn(head);
  if (type === 0x0f) return adtsIn(head);
  return type === 0x03 || type === 0x04 ? mpegAudioIn(head) : named.get(type);
}

/** By the sequence parameter set (ITU-T H.264, 7.3.2.1.1), which begins with what a decoder configuration repeats. */
function avcIn(head: Uint8Array): Described {
  const set = avcSequenceIn(head);
  if (!set) return {};
  const size = sizeIn(set);
  return { codec: avcString("avc1", set), ...(size && { size }) };
}

/** The sequence parameter set at the beginning of pictures of H.264. */
export function avcSequenceIn(head: Uint8Array): Uint8Array | undefined {
  const set = unitsIn(head).find((unit) => ((unit[0] ?? 0) & 0x1f) === 7);
  return set && set.length >= 4 ? set : undefined;
}

/** By the profile, tier and level in the sequence parameter set (ITU-T H.265, 7.3.2.2.1), which stand there as in `hvcC`. */
function hevcIn(head: Uint8Array): string | undefined {
  const set = unitsIn(head).find((unit) => (((unit[0] ?? 0) >> 1) & 0x3f) === 33);
  return set && set.length >= 15 ? hevcString("hvc1", set.subarray(2)) : undefined;
}

/** The NAL units of a byte stream, without what keeps start codes out of them (ITU-T H.264, 7.3.1). */
const unitsIn = (head: Uint8Array): Uint8Array[] =>
  Buffer.from(head)
    .toString("latin1")
    .split("\0\0\x01")
    .slice(1)
    .map((unit) => Buffer.from(unit.replaceAll("\0\0\x03", "\0\0"), "latin1"));

/** ISO/IEC 14496-3, 1.A.2.2.1: the profile is one less than the object type. */
export function adtsIn([sync, , profile]: Uint8Array): string | undefined {
  return sync === 0xff && profile !== undefined ? `mp4a.40.${(profile >> 6) + 1}` : undefined;
}

/** ISO/IEC 11172-3, 2.4.2.3: layers count backwards, and their object types from 32 on (ISO/IEC 14496-3, 1.5.1.1). */
export function mpegAudioIn([sync, layers = 0]: Uint8Array): string | undefined {
  const layer = 4 - ((layers >> 1) & 3);
  return sync === 0xff && layer < 4 ? `mp4a.40.${31 + layer}` : undefined;
}
