import { type FileHandle, open } from "node:fs/promises";
import { boxesOf } from "./file-boxes.ts";

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
export async function holdsSeveralMovies(path: string): Promise<boolean> {
  await using file = await open(path);
  let isIndexed = false;
  for await (const { type } of boxesOf(file)) {
    if (type === "ftyp" && isIndexed) return true;
    if (type === "moof") return false;
    isIndexed ||= type === "moov";
  }
  return false;
}
