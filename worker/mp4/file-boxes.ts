import type { FileHandle } from "node:fs/promises";

/** Where a box lies in a file, and how long it is with its header, in bytes. */
export type FileBox = { type: string; at: number; length: number };

/**
 * The boxes of a file of ISO BMFF one after the other, without what they hold. It ends where no box can be; the last one
 * may go on beyond the end of the file.
 */
export async function* boxesOf(file: FileHandle): AsyncGenerator<FileBox> {
  const { size } = await file.stat();
  for (let at = 0; at + 8 <= size; ) {
    const { buffer: head } = await file.read(Buffer.alloc(16), 0, 16, at);
    const short = head.readUInt32BE(0);
    const length = short === 1 ? Number(head.readBigUInt64BE(8)) : short || size - at;
    if (length < 8) return;
    yield { type: head.toString("latin1", 4, 8), at, length };
    at += length;
  }
}
