import { open } from "node:fs/promises";
import { ignoreMissing } from "#worker/journal/durable.ts";
import { boxesAt, sampleEntries, unsignedAt, viewOf } from "#worker/mp4/boxes.ts";
import { decoderConfig } from "#worker/mp4/codec-string.ts";
import { readMovieBox } from "#worker/mp4/movie-box.ts";

/** What the index of an mp4 with one track of pictures says. */
export type PieceFile = {
  /** How many pictures it has. */
  frames: number;
  /** How its decoder is set up, in hex: avcC, hvcC, av1C or vpcC, without messages that change no picture. */
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
  const setUp = /^h[ve]/.test(entry.type) ? withoutMessages(config) : Buffer.from(config);
  return { frames: unsignedAt(sizes, 8), config: setUp.toString("hex") };
}

/** The fields of hvcC before its arrays, in bytes (ISO/IEC 14496-15, 8.3.2.1.2). */
const hvcCFields = 22;
/** VPS, SPS and PPS: what else may be there are messages, such as the options of x265 in words. */
const parameterSets = [32, 33, 34];

function withoutMessages(bytes: Uint8Array): Buffer {
  const config = Buffer.from(bytes);
  const kept = [config.subarray(0, hvcCFields)];
  for (let at = hvcCFields + 1; at + 3 <= config.length; ) {
    const begin = at;
    const units = config.readUInt16BE(at + 1);
    at += 3;
    for (let unit = 0; unit < units && at + 2 <= config.length; unit += 1) at += 2 + config.readUInt16BE(at);
    if (parameterSets.includes((config[begin] ?? 0) & 0x3f)) kept.push(config.subarray(begin, at));
  }
  return Buffer.concat(kept);
}
