import { open } from "node:fs/promises";
import { elementsIn, elementsOf } from "./ebml.ts";

const ebmlHeader = 0x1a_45_df_a3;
const segment = 0x18_53_80_67;

/**
 * Whether another Matroska file begins right behind the first one, as `cat` leaves them (RFC 8794, section 5 and RFC
 * 9559, section 5.1). A segment of unknown size, as live recordings have, goes on to the end of the file.
 */
export async function holdsSeveralSegments(path: string): Promise<boolean> {
  await using file = await open(path);
  const elementAt = async (at: number) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(12), 0, 12, at);
    if (bytesRead < 12) return undefined;
    const size = sizeIn(buffer.subarray(4));
    return { id: buffer.readUInt32BE(0), end: size && at + 4 + size.length + size.value };
  };
  const header = await elementAt(0);
  if (header?.id !== ebmlHeader || header.end === undefined) return false;
  const first = await elementAt(header.end);
  if (first?.id !== segment || first.end === undefined) return false;
  return (await elementAt(first.end))?.id === ebmlHeader;
}

/** A size as EBML writes it: as many zeros in front as bytes follow the first. Undefined when it is unknown. */
function sizeIn(bytes: Buffer): { value: number; length: number } | undefined {
  const length = Math.clz32(bytes[0] ?? 0) - 23;
  if (length > 8 || bytes.length < 8) return undefined;
  const most = 2n ** BigInt(7 * length) - 1n;
  const value = (bytes.readBigUInt64BE() >> BigInt(64 - 8 * length)) & most;
  return value === most ? undefined : { value: Number(value), length };
}

// RFC 9559, section 5.1.4: what a track says of itself.
const track = { tracks: 0x16_54_ae_6b, entry: 0xae, type: 0x83, codec: 0x86, encodings: 0x6d_80 };

/** What the tracks of a Matroska file say of themselves. */
export type MatroskaTracks = {
  /** How its pictures are coded, such as `V_VP9`. */
  pictures: readonly string[];
  /** Whether each picture lies in the file as its encoder has written it, neither compressed further nor encrypted. */
  arePlain: boolean;
};

/** Whether a file is Matroska whose pictures are not all keyframes: to decode those alone takes little. */
export const isMatroskaFilm = async (path: string): Promise<boolean> =>
  (await matroskaTracks(path))?.pictures.every((codec) => betweenFrames.test(codec)) ?? false;

const betweenFrames = /^V_(?:MPEG4\/ISO\/(?:AVC|ASP)|MPEGH\/ISO\/HEVC|MPEG[12]|VP[89]|AV1)$/;

/** So far into a file the tracks are looked for. */
const headBytes = 2 ** 16;

/** The tracks at the beginning of a file; undefined where it is no Matroska, or has them elsewhere. */
export async function matroskaTracks(path: string): Promise<MatroskaTracks | undefined> {
  return tracksIn(Buffer.from(await Bun.file(path).slice(0, headBytes).arrayBuffer()));
}

/** The same of its first bytes. */
export function tracksIn(head: Buffer): MatroskaTracks | undefined {
  const [first, second] = elementsIn(head);
  if (first?.id !== ebmlHeader || second?.id !== segment) return undefined;
  const children = [...elementsIn(second.body)];
  const at = children.findIndex(({ id }) => id === track.tracks);
  const tracks = children[at];
  // What nothing follows may go on beyond the bytes that were read.
  if (!tracks || at === children.length - 1) return undefined;
  const entries = elementsOf(tracks.body, track.entry).map(({ body }) => [...elementsIn(body)]);
  const pictures = entries.filter((fields) => fields.some(({ id, body }) => id === track.type && body.at(-1) === 1));
  return {
    pictures: pictures.map((fields) => fields.find(({ id }) => id === track.codec)?.body.toString("latin1") ?? ""),
    arePlain: entries.every((fields) => fields.every(({ id }) => id !== track.encodings)),
  };
}
