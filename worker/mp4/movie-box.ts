import { type FileHandle, open } from "node:fs/promises";

/** The index of an mp4: its bytes with their header, and where they lie in the file. */
export type MovieBox = { at: number; bytes: Buffer };

// The index of a film of hours takes some megabytes.
const mostBytes = 256 * 2 ** 20;

/** Finds the box `moov` of an mp4, wherever it lies; undefined when there is none. */
export async function readMovieBox(file: FileHandle): Promise<MovieBox | undefined> {
  for await (const { type, at, length } of boxesOf(file)) {
    if (type !== "moov" || length > mostBytes) continue;
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, at);
    return { at, bytes: buffer };
  }
  return undefined;
}

/** Whether another file of the same kind begins behind the first one, as `cat` leaves them. Fragments end the search. */
export async function holdsSeveral(path: string): Promise<boolean> {
  await using file = await open(path);
  let isIndexed = false;
  for await (const { type } of boxesOf(file)) {
    if (type === "ftyp" && isIndexed) return true;
    if (type === "moof") return false;
    isIndexed ||= type === "moov";
  }
  return false;
}

/** The boxes of a file one after the other, without what they hold. */
async function* boxesOf(file: FileHandle): AsyncGenerator<{ type: string; at: number; length: number }> {
  const { size } = await file.stat();
  for (let at = 0; at + 16 <= size; ) {
    const { buffer: head } = await file.read(Buffer.alloc(16), 0, 16, at);
    const short = head.readUInt32BE(0);
    const length = short === 1 ? Number(head.readBigUInt64BE(8)) : short || size - at;
    if (length < 8) return;
    yield { type: head.toString("latin1", 4, 8), at, length };
    at += length;
  }
}
