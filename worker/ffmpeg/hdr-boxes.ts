import { type FileHandle, open } from "node:fs/promises";

/** The boxes of a sample entry that describe an HDR picture (ISO/IEC 14496-12; Dolby's for Vision). */
const hdrBoxes = new Set(["mdcv", "clli", "dvcC", "dvvC", "dvwC"]);

/** Boxes that hold boxes, on the way to the sample entries, and how many bytes of their own come first. */
const containers: Readonly<Record<string, number>> = {
  ...{ moov: 0, trak: 0, mdia: 0, minf: 0, stbl: 0, stsd: 8 },
  ...{ avc1: 78, avc3: 78, hvc1: 78, hev1: 78, av01: 78, vp09: 78 },
};

/**
 * Makes what describes an HDR picture free space in an mp4 whose picture is no longer HDR: ffmpeg 5.1 copies it from
 * the source's boxes whatever the filters say, and televisions would change their mode for it.
 */
export async function removeHdrBoxes(path: string): Promise<void> {
  await using file = await open(path, "r+");
  const moov = await findMoov(file);
  if (!moov) return;
  for (const at of hdrBoxesIn(moov.bytes)) await file.write("free", moov.at + at + 4, "latin1");
}

// An index of hours of film is some megabytes.
const mostBytes = 256 * 2 ** 20;

async function findMoov(file: FileHandle): Promise<{ at: number; bytes: Buffer } | undefined> {
  const { size } = await file.stat();
  for (let at = 0; at + 16 <= size; ) {
    const { buffer: head } = await file.read(Buffer.alloc(16), 0, 16, at);
    const short = head.readUInt32BE(0);
    const length = short === 1 ? Number(head.readBigUInt64BE(8)) : short || size - at;
    if (length < 8) return undefined;
    if (head.toString("latin1", 4, 8) === "moov" && length <= mostBytes) {
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, at);
      return { at, bytes: buffer };
    }
    at += length;
  }
  return undefined;
}

/** Where such boxes begin, in bytes that are boxes one after the other. */
function hdrBoxesIn(bytes: Buffer): number[] {
  const found: number[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const name = bytes.toString("latin1", at + 4, at + 8);
    if (length < 8 || at + length > bytes.length) break;
    if (hdrBoxes.has(name)) found.push(at);
    const own = containers[name];
    if (own !== undefined) {
      const begin = at + 8 + own;
      found.push(...hdrBoxesIn(bytes.subarray(begin, at + length)).map((inner) => begin + inner));
    }
    at += length;
  }
  return found;
}
