import { open } from "node:fs/promises";

/**
 * The options that make ffmpeg read a WAV file to its end when its header knows only a part of it, as that of a recorder
 * that crashed does; none for every other file.
 */
export async function wavOptions(path: string, format: string): Promise<string[]> {
  if (format !== "wav") return [];
  await using file = await open(path);
  const { size } = await file.stat();
  const { buffer } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
  const end = dataEnd(buffer);
  if (end === undefined || end + 8 > size) return [];
  const { buffer: next } = await file.read(Buffer.alloc(8), 0, 8, end);
  return isChunk(next, size - end) ? [] : ["-ignore_length", "1"];
}

// What comes before the sound: its format, and perhaps texts.
const headBytes = 65_536;

/** Where the sound ends, by the header of a RIFF file. */
function dataEnd(head: Buffer): number | undefined {
  if (head.toString("latin1", 0, 4) !== "RIFF") return undefined;
  for (let at = 12; at + 8 <= head.length; ) {
    const bytes = head.readUInt32LE(at + 4);
    const end = at + 8 + bytes + (bytes % 2);
    if (head.toString("latin1", at, at + 4) === "data") return bytes === 0 || bytes === 0xff_ff_ff_ff ? undefined : end;
    at = end;
  }
  return undefined;
}

/** Whether a chunk that fits into `left` bytes begins here: four letters and a length. */
const isChunk = (bytes: Buffer, left: number) =>
  /^[\x20-\x7e]{4}$/.test(bytes.toString("latin1", 0, 4)) && bytes.readUInt32LE(4) + 8 <= left + 1;
