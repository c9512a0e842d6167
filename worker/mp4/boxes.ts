/** A box of ISO BMFF (ISO/IEC 14496-12, 4.2): its type and its contents. */
export type Box = { type: string; body: DataView };

/** The boxes in these bytes, one after the other. A box that is cut off or has an impossible length is left out. */
export function* boxesIn(bytes: DataView): Generator<Box> {
  let at = 0;
  while (at + 8 <= bytes.byteLength) {
    const { length, header } = sizeAt(bytes, at);
    if (length < header || at + length > bytes.byteLength) return;
    yield {
      type: textAt(bytes, at + 4),
      body: new DataView(bytes.buffer, bytes.byteOffset + at + header, length - header),
    };
    at += length;
  }
}

function sizeAt(bytes: DataView, at: number) {
  const length = bytes.getUint32(at);
  if (length === 0) return { length: bytes.byteLength - at, header: 8 };
  return length === 1 ? { length: unsigned64At(bytes, at + 8), header: 16 } : { length, header: 8 };
}

/** All boxes at the end of a path such as `moov/trak`. */
export const boxesAt = (bytes: DataView, path: string): DataView[] =>
  path
    .split("/")
    .reduce(
      (within, type) =>
        within.flatMap((one) => [...boxesIn(one)].filter((box) => box.type === type).map(({ body }) => body)),
      [bytes],
    );

/** The sample descriptions of the tracks of a movie, each named by its format. */
export const sampleEntries = (movie: DataView): Box[] =>
  boxesAt(movie, "moov/trak/mdia/minf/stbl/stsd").flatMap((body) => {
    const entries = 8;
    if (body.byteLength < entries) return [];
    return [...boxesIn(new DataView(body.buffer, body.byteOffset + entries, body.byteLength - entries))];
  });

export const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The version and the flags at the beginning of a full box. */
export const versionOf = (body: DataView) => unsignedAt(body, 0) >>> 24;
export const flagsOf = (body: DataView) => unsignedAt(body, 0) & 0xff_ff_ff;

// Bytes beyond the end of a box count as 0: a hostile source may make ffmpeg write anything.
export const unsignedAt = (body: DataView, at: number) => (at + 4 <= body.byteLength ? body.getUint32(at) : 0);
export const signedAt = (body: DataView, at: number) => unsignedAt(body, at) | 0;
export const unsigned64At = (body: DataView, at: number) => unsignedAt(body, at) * 2 ** 32 + unsignedAt(body, at + 4);
export const signed64At = (body: DataView, at: number) => signedAt(body, at) * 2 ** 32 + unsignedAt(body, at + 4);

export const textAt = (body: DataView, at: number) =>
  Array.from({ length: 4 }, (_, more) => String.fromCharCode((unsignedAt(body, at) >>> (24 - more * 8)) & 0xff)).join(
    "",
  );
