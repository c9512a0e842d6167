import { open } from "node:fs/promises";
import { sampleEntries, viewOf } from "./boxes.ts";
import { readMovieBox } from "./movie-box.ts";

/** Whether a track of an mp4 is encrypted (ISO/IEC 23001-7). ffprobe does not say so: it names the codec underneath. */
export async function isEncrypted(path: string): Promise<boolean> {
  await using file = await open(path);
  const movie = await readMovieBox(file);
  return (
    movie !== undefined && sampleEntries(viewOf(movie.bytes)).some(({ type }) => /^(encv|enca|drms|drmi)$/.test(type))
  );
}
