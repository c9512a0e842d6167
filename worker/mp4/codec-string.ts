import { type Box, boxesIn, sampleEntries, viewOf } from "./boxes.ts";

/**
 * What the tracks of an init segment hold, as players ask for it (RFC 6381; ISO/IEC 14496-15 Annex E; the bindings of AV1,
 * VP9 and Opus to ISO BMFF), such as `avc1.64001f` or `mp4a.40.2`. A track of something else is left out.
 */
export const codecStrings = (init: Uint8Array): string[] =>
  sampleEntries(viewOf(init)).flatMap((entry) => {
    const kind = kinds[entry.type];
    if (!kind) return [];
    if (kind === "name") return [entry.type === "Opus" ? "opus" : entry.type];
    const config = configOf(entry, kind.box);
    return config ? [kind.text(entry.type, config)] : [];
  });

/** What the decoder of a track is set up with, such as the contents of `avcC`; undefined for what needs nothing. */
export function decoderConfig(entry: Box): Uint8Array | undefined {
  const kind = kinds[entry.type];
  return kind && kind !== "name" ? configOf(entry, kind.box) : undefined;
}

type Kind = "name" | { box: string; text(entry: string, config: Uint8Array): string };

const avc = { box: "avcC", text: avcString };
const hevc = { box: "hvcC", text: hevcString };

const kinds: Partial<Record<string, Kind>> = {
  avc1: avc,
  avc3: avc,
  hvc1: hevc,
  hev1: hevc,
  av01: { box: "av1C", text: av1String },
  vp09: { box: "vpcC", text: vp9String },
  mp4a: { box: "esds", text: mpeg4AudioString },
  Opus: "name",
  "ac-3": "name",
  "ec-3": "name",
};

/** The fields of a sample entry before its boxes (ISO/IEC 14496-12, 12.1.3 and 12.2.3), in bytes. */
const fieldsOfVideo = 78;
const fieldsOfAudio = 28;

/** QuickTime has more fields in later versions of its description of sound. */
const moreOfAudio: Readonly<Record<number, number>> = { 1: 16, 2: 36 };

function configOf({ type, body }: Box, wanted: string): Uint8Array | undefined {
  if (body.byteLength < fieldsOfAudio) return undefined;
  const fields = type === "mp4a" ? fieldsOfAudio + (moreOfAudio[body.getUint16(8)] ?? 0) : fieldsOfVideo;
  if (body.byteLength < fields) return undefined;
  const boxes = [...boxesIn(new DataView(body.buffer, body.byteOffset + fields, body.byteLength - fields))];
  // QuickTime keeps it in a box of its own.
  const kept = boxes.filter((box) => box.type === "wave").flatMap((box) => [...boxesIn(box.body)]);
  const found = [...boxes, ...kept].find((box) => box.type === wanted)?.body;
  return found && new Uint8Array(found.buffer, found.byteOffset, found.byteLength);
}

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const twoDigits = (value: number) => String(value).padStart(2, "0");
// Bytes beyond the end of a box count as 0.
const byteAt = (config: Uint8Array, at: number) => config[at] ?? 0;

/** By a configuration, or anything else whose second to fourth byte are profile, constraints and level. */
export function avcString(entry: string, config: Uint8Array): string {
  return `${entry}.${hexOf(config.subarray(1, 4))}`;
}

/** By a configuration, or anything else in which profile, tier and level begin with the second byte. */
export function hevcString(entry: string, config: Uint8Array): string {
  const general = byteAt(config, 1);
  const space = ["", "A", "B", "C"][general >> 6] ?? "";
  const flags = Array.from({ length: 32 }, (_, bit) => (byteAt(config, 2 + (bit >> 3)) >> (7 - (bit & 7))) & 1);
  const compatibility = flags.reduceRight((value, flag) => value * 2 + flag, 0).toString(16);
  const constraints = Array.from(config.subarray(6, 12), (byte) => byte.toString(16));
  const said = constraints.slice(0, constraints.findLastIndex((text) => text !== "0") + 1);
  const tier = (general >> 5) & 1 ? "H" : "L";
  return [entry, `${space}${general & 0x1f}`, compatibility, `${tier}${byteAt(config, 12)}`, ...said].join(".");
}

export function av1String(entry: string, config: Uint8Array): string {
  const [levels, depths] = [byteAt(config, 1), byteAt(config, 2)];
  const depth = depths & 0x40 ? (depths & 0x20 ? 12 : 10) : 8;
  return `${entry}.${levels >> 5}.${twoDigits(levels & 0x1f)}${depths & 0x80 ? "H" : "M"}.${twoDigits(depth)}`;
}

function vp9String(entry: string, config: Uint8Array): string {
  const [profile, level, depth] = [byteAt(config, 4), byteAt(config, 5), byteAt(config, 6) >> 4];
  return [entry, ...[profile, level, depth].map(twoDigits)].join(".");
}

/** By the object type of the decoder (ISO/IEC 14496-1, 7.2.6.6) and that of its configuration (14496-3, 1.6.2.1). */
function mpeg4AudioString(entry: string, config: Uint8Array): string {
  const decoder = descriptorIn(config.subarray(4), [0x03, 0x04]);
  const objectType = byteAt(decoder, 0);
  if (objectType !== 0x40) return `${entry}.${hexOf(Uint8Array.of(objectType))}`;
  return mpeg4SpecificString(descriptorIn(decoder.subarray(13), [0x05]));
}

/** By the configuration alone (ISO/IEC 14496-3, 1.6.2.1). */
export function mpeg4SpecificString(specific: Uint8Array): string {
  const [first, second] = [byteAt(specific, 0), byteAt(specific, 1)];
  const audioType = first >> 3 === 31 ? 32 + ((first & 7) << 3) + (second >> 5) : first >> 3;
  return `mp4a.40.${audioType || 2}`;
}

/** The contents of a descriptor within others; an ES descriptor has an ID and flags before what is in it. */
function descriptorIn(bytes: Uint8Array, [tag, ...tags]: readonly number[]): Uint8Array {
  if (bytes[0] !== tag) return new Uint8Array();
  let at = 1;
  while (byteAt(bytes, at) & 0x80) at += 1;
  const contents = bytes.subarray(at + 1);
  return tags.length === 0 ? contents : descriptorIn(contents.subarray(3), tags);
}
