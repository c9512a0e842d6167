/** A box of ISO BMFF: its length, its type and what is in it. */
export function box(type: string, ...content: (Uint8Array | readonly number[])[]): Uint8Array {
  const body = Buffer.concat(content.map((part) => (part instanceof Uint8Array ? part : u32(...part))));
  return Buffer.concat([u32(8 + body.length), Buffer.from(type, "latin1"), body]);
}

function u32(...values: readonly number[]) {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) bytes.writeInt32BE(value | 0, at * 4);
  return bytes;
}

const hex = (type: string) => Buffer.from(type, "latin1").readInt32BE(0);

type Described = {
  id: number;
  handler: "vide" | "soun";
  timescale: number;
  edits?: readonly (readonly [number, number])[];
};

/** An init segment of these tracks; an edit is its length in milliseconds and its media time, -1 for an empty one. */
export function initSegment(...tracks: readonly Described[]): Uint8Array {
  const traks = tracks.map(({ id, handler, timescale, edits = [] }) =>
    box(
      "trak",
      box("tkhd", [0, 0, 0, id]),
      ...(edits.length > 0
        ? [box("edts", box("elst", [0, edits.length, ...edits.flatMap(([ms, at]) => [ms, at, 0x10000])]))]
        : []),
      box("mdia", box("mdhd", [0, 0, 0, timescale, 0]), box("hdlr", [0, 0, hex(handler)])),
    ),
  );
  const defaults = tracks.map(({ id, timescale }) => box("trex", [0, id, 1, timescale / 25, 0, 0]));
  return Buffer.concat([
    box("ftyp", Buffer.from("iso5")),
    box("moov", box("mvhd", [0, 0, 0, 1_000, 0]), ...traks, box("mvex", ...defaults)),
  ]);
}

type Fragmented = { id: number; decodeTime: number; offsets: readonly number[] };

/** A media segment of one fragment. Composition offsets may be negative. */
export const mediaSegment = (...tracks: readonly Fragmented[]): Uint8Array =>
  Buffer.concat([
    box("styp", Buffer.from("msdh")),
    box(
      "moof",
      box("mfhd", [0, 1]),
      ...tracks.map(({ id, decodeTime, offsets }) =>
        box(
          "traf",
          box("tfhd", [0x02_00_00, id]),
          box("tfdt", [0x01_00_00_00, 0, decodeTime]),
          box("trun", [0x01_00_08_01, offsets.length, 0, ...offsets]),
        ),
      ),
    ),
    box("mdat", Buffer.from("media")),
  ]);
