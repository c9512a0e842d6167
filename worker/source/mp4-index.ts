import type { FileHandle } from "node:fs/promises";
import type { ByteSpan } from "./byte-spans.ts";

/** Sees to it that these bytes are in the file; false where they are too many. */
type Need = (spans: readonly ByteSpan[]) => Promise<boolean>;

/** More boxes one after the other than a film has. */
const mostBoxes = 40;
/** The index of a film of hours takes some megabytes. */
const mostIndexBytes = 128 * 2 ** 20;
/** So much of the media is looked at to find out what the streams are, or less of a small source. */
const firstMediaBytes = 512 * 1_024;
const firstMediaShare = 0.05;

/**
 * Sees to it that a file has its boxes' headers and its index (ISO/IEC 14496-12, `moov`), and the beginning of its media.
 * False where it is no mp4 or mov, its index lies in fragments, or takes more than is allowed.
 */
export async function findIndex(file: FileHandle, total: number, need: Need): Promise<boolean> {
  const boxes = await topBoxes(file, total, need);
  const [index, ...others] = boxes.filter(({ type }) => type === "moov");
  const isFilm = boxes[0]?.type === "ftyp" && !boxes.some(({ type }) => type === "moof");
  if (!isFilm || !index || others.length > 0 || index.to - index.from > mostIndexBytes) return false;
  const first = Math.min(firstMediaBytes, Math.ceil(total * firstMediaShare));
  const media = boxes.filter(({ type }) => type === "mdat");
  return need([index, ...media.map(({ from, to }) => ({ from, to: Math.min(from + first, to) }))]);
}

/** The boxes of a file one after the other; none where they are too many. */
async function topBoxes(file: FileHandle, total: number, need: Need): Promise<(ByteSpan & { type: string })[]> {
  const boxes: (ByteSpan & { type: string })[] = [];
  for (let at = 0; at + 8 <= total; at = boxes.at(-1)?.to ?? total) {
    if (boxes.length === mostBoxes || !(await need([{ from: at, to: Math.min(at + 16, total) }]))) return [];
    const { buffer: head } = await file.read(Buffer.alloc(16), 0, 16, at);
    const short = head.readUInt32BE(0);
    const length = short === 1 ? Number(head.readBigUInt64BE(8)) : short || total - at;
    if (length < 8) return [];
    boxes.push({ type: head.toString("latin1", 4, 8), from: at, to: Math.min(at + length, total) });
  }
  return boxes;
}
