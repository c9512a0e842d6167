import { open } from "node:fs/promises";
import { boxesAt, flagsOf, textAt, viewOf } from "./boxes.ts";
import { readMovieBox } from "./movie-box.ts";

/** In a track header (ISO/IEC 14496-12, 8.3.2): players show the track unless the viewer chooses otherwise. */
const enabled = 1;

/**
 * Marks the tracks of text in an mp4, in their order, as shown by default or not: where none of them is, ffmpeg (5.1 to 9.0)
 * marks the first one.
 */
export async function markTextTracks(path: string, areDefault: readonly boolean[]): Promise<void> {
  await using file = await open(path, "r+");
  const movie = await readMovieBox(file);
  if (!movie) return;
  const texts = boxesAt(viewOf(movie.bytes), "moov/trak").filter((track) =>
    boxesAt(track, "mdia/hdlr").some((handler) => textAt(handler, 8) === "sbtl"),
  );
  for (const [at, track] of texts.entries()) {
    const [header] = boxesAt(track, "tkhd");
    if (!header || areDefault[at] !== false) continue;
    const lowest = movie.at + header.byteOffset - movie.bytes.byteOffset + 3;
    await file.write(Buffer.of(flagsOf(header) & 0xff & ~enabled), 0, 1, lowest);
  }
}
