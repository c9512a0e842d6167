import { elementsIn, elementsOf } from "#worker/ffmpeg/ebml.ts";
import { av1String, avcString, hevcString, mpeg4SpecificString } from "#worker/mp4/codec-string.ts";

// RFC 9559, 5.1: what leads to a track, and what it says of itself.
const ids = { segment: 0x18_53_80_67, tracks: 0x16_54_ae_6b, entry: 0xae, type: 0x83, codec: 0x86, config: 0x63_a2 };

/**
 * The pictures and sounds of Matroska or WebM as RFC 6381 names them, from the beginning of a file; undefined for one that has
 * no name. VP9 is `vp9` where the file does not say which.
 */
export function matroskaCodecs(head: Buffer): (string | undefined)[] {
  const segments = elementsOf(head, ids.segment).flatMap(({ body }) => elementsOf(body, ids.tracks));
  const entries = segments.flatMap(({ body }) => elementsOf(body, ids.entry));
  return entries.flatMap(({ body }) => {
    const fields = new Map([...elementsIn(body)].map((field) => [field.id, field.body]));
    const type = fields.get(ids.type)?.at(-1) ?? 0;
    const codec = fields.get(ids.codec)?.toString("latin1") ?? "";
    return type === 1 || type === 2 ? [codecOf(codec, fields.get(ids.config) ?? Buffer.alloc(0))] : [];
  });
}

const names: Readonly<Record<string, string>> = {
  ...{ V_VP8: "vp8", V_VP9: "vp9", A_OPUS: "opus", A_VORBIS: "vorbis", A_FLAC: "flac" },
  ...{ A_AC3: "ac-3", A_EAC3: "ec-3", "A_MPEG/L3": "mp4a.40.34", "A_MPEG/L2": "mp4a.40.33" },
};

/** Configurations are those of MP4. */
const configured: Readonly<Record<string, (config: Buffer) => string>> = {
  "V_MPEG4/ISO/AVC": (config) => avcString("avc1", config),
  "V_MPEGH/ISO/HEVC": (config) => hevcString("hvc1", config),
  V_AV1: (config) => av1String("av01", config),
  A_AAC: mpeg4SpecificString,
};

function codecOf(codec: string, config: Buffer): string | undefined {
  const made = configured[codec];
  return made && config.length > 1 ? made(config) : names[codec];
}
