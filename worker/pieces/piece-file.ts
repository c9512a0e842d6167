import { open } from "node:fs/promises";
import { ignoreMissing } from "#worker/journal/durable.ts";
import { boxesAt, sampleEntries, unsignedAt, viewOf } from "#worker/mp4/boxes.ts";
import { decoderConfig } from "#worker/mp4/codec-string.ts";
import { readMovieBox } from "#worker/mp4/movie-box.ts";

/** What the index of an mp4 with one track of pictures says. */
export type PieceFile = {
  /** How many pictures it has. */
  frames: number;
  /** How its decoder is set up, in hex: avcC, hvcC, av1C or vpcC. */
  config: string;
};

/** Reads the index of a file of a piece; undefined where there is none. */
export async function readPieceFile(path: string): Promise<PieceFile | undefined> {
  await using file = await open(path).catch(ignoreMissing);
  const movie = file && (await readMovieBox(file));
  if (!movie) return undefined;
  const view = viewOf(movie.bytes);
  const [sizes] = boxesAt(view, "moov/trak/mdia/minf/stbl/stsz");
  const [entry] = sampleEntries(view);
  const config = entry && decoderConfig(entry);
  if (!sizes || !config) return undefined;
  return { frames: unsignedAt(sizes, 8), config: Buffer.from(config).toString("hex") };
}
