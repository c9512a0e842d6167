/** A stream as the program map describes it. */
export type StreamType = {
  /** The PID of its packets. */
  pid: number;
  /** What ISO/IEC 13818-1, table 2-34, has for it. */
  type: number;
  /** Undefined for what is neither. */
  kind: "video" | "audio" | undefined;
  /** Three letters (ISO 639-2); left out where none is said, or several are. */
  language?: string;
};

/** The PIDs of the program maps that a program association names (ISO/IEC 13818-1, 2.4.4.3). */
export function programMaps(payload: Uint8Array): number[] {
  const section = sectionIn(payload, 0x00);
  const pids: number[] = [];
  for (let at = 8; at + 4 <= section.length; at += 4) {
    const program = ((section[at] ?? 0) << 8) | (section[at + 1] ?? 0);
    if (program !== 0) pids.push(pidAt(section, at + 2));
  }
  return pids;
}

/** The streams that a program map names (2.4.4.8). */
export function streamTypes(payload: Uint8Array): StreamType[] {
  const section = sectionIn(payload, 0x02);
  const streams: StreamType[] = [];
  for (let at = 12 + lengthAt(section, 10); at + 5 <= section.length; at += 5 + lengthAt(section, at + 3)) {
    const type = section[at] ?? 0;
    const language = languageIn(section.subarray(at + 5, at + 5 + lengthAt(section, at + 3)));
    streams.push({
      ...{ pid: pidAt(section, at + 1), type, kind: kinds.get(type) },
      ...(language !== undefined && { language }),
    });
  }
  return streams;
}

// 2.4.4.9, table 2-34: MPEG-2, MPEG-4, H.264 and H.265; MPEG, ADTS and LATM sound. ATSC A/53 part 3, 6.7.1: AC-3 and E-AC-3.
const kinds = new Map<number, "video" | "audio">([
  ...[0x01, 0x02, 0x10, 0x1b, 0x24].map((type) => [type, "video"] as const),
  ...[0x03, 0x04, 0x0f, 0x11, 0x81, 0x87].map((type) => [type, "audio"] as const),
]);

/** What the descriptor of languages says (2.6.18). */
function languageIn(descriptors: Uint8Array): string | undefined {
  for (let at = 0; at + 2 <= descriptors.length; at += 2 + (descriptors[at + 1] ?? 0)) {
    if (descriptors[at] === 0x0a && descriptors[at + 1] === 4)
      return Buffer.from(descriptors.subarray(at + 2, at + 5)).toString("latin1");
  }
  return undefined;
}

const pidAt = (bytes: Uint8Array, at: number) => (((bytes[at] ?? 0) & 0x1f) << 8) | (bytes[at + 1] ?? 0);
const lengthAt = (bytes: Uint8Array, at: number) => (((bytes[at] ?? 0) & 0x0f) << 8) | (bytes[at + 1] ?? 0);

/** The bytes of a table without its checksum; empty when the packet holds another table. */
function sectionIn(payload: Uint8Array, tableId: number): Uint8Array {
  const section = payload.subarray(1 + (payload[0] ?? 0));
  return section[0] === tableId
    ? section.subarray(0, Math.max(0, 3 + lengthAt(section, 1) - 4))
    : section.subarray(0, 0);
}
