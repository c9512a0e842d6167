import { open } from "node:fs/promises";
import { boxesIn, sampleEntries, viewOf } from "./boxes.ts";
import { readMovieBox } from "./movie-box.ts";

/** The boxes of a sample entry that describe an HDR picture (ISO/IEC 14496-12; Dolby's for Vision). */
const hdrBoxes = new Set(["mdcv", "clli", "dvcC", "dvvC", "dvwC"]);

/** The size of the fields of a visual sample entry, which precede its boxes (ISO/IEC 14496-12, 12.1.3). */
const visualEntry = 78;

/**
 * Overwrites the boxes that describe an HDR picture with free space, in an mp4 whose picture is no longer HDR: ffmpeg 5.1
 * copies them from the source whatever the filters do, and televisions would switch to their HDR mode.
 */
export async function removeHdrBoxes(path: string): Promise<void> {
  await using file = await open(path, "r+");
  const movie = await readMovieBox(file);
  if (!movie) return;
  for (const { body } of sampleEntries(viewOf(movie.bytes))) {
    if (body.byteLength < visualEntry) continue;
    const inner = new DataView(body.buffer, body.byteOffset + visualEntry, body.byteLength - visualEntry);
    for (const box of boxesIn(inner)) {
      if (!hdrBoxes.has(box.type)) continue;
      const inMovie = box.body.byteOffset - movie.bytes.byteOffset;
      await file.write("free", movie.at + inMovie - 4, "latin1");
    }
  }
}
