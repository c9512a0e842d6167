import * as v from "valibot";
import { fromJsonText } from "#shared/json-text.ts";
import { inputAllowlist } from "#worker/ffmpeg/input-allowlist.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { runToEnd, type Spawn, type Spawning } from "#worker/ffmpeg/run.ts";
import { cutArgs } from "#worker/plan/piece-cut.ts";
import { type Piece, streamIn } from "#worker/plan/pieces.ts";
import type { SplitFilm } from "./encode-piece.ts";

type Cutting = Spawning & {
  /** Where the cut is written. */
  folder: string;
  longestMs: number | undefined;
};

/** Copies what a piece needs of the source into a file; false where ffmpeg cannot. */
export async function cutSource(
  { film, source, ...place }: SplitFilm,
  piece: Piece,
  file: string,
  { folder, longestMs, signal, spawn }: Cutting,
): Promise<boolean> {
  const argv = ["ffmpeg", ...cutArgs(film, source, place, piece, file)] as const;
  const { ended } = await runToEnd(spawn, { argv, writes: [folder], longestMs, signal });
  return ended.exitCode === 0;
}

/** Whether all that a decoder gets beside the packets is in a cut: some containers have no place for some of it. */
export async function isCutAlike(
  { film, ...place }: SplitFilm,
  file: string,
  { signal, spawn }: Spawning,
): Promise<boolean> {
  const [source, cut] = await Promise.all([
    shapeOf(place.input, streamIn(place, film), spawn, signal),
    shapeOf(file, 0, spawn, signal),
  ]);
  return source !== undefined && JSON.stringify(source) === JSON.stringify(cut);
}

const fields = [
  ..."codec_name,profile,width,height,pix_fmt,sample_aspect_ratio,field_order".split(","),
  ..."color_range,color_space,color_transfer,color_primaries,chroma_location,extradata_hash".split(","),
].join(",");
const sideData = v.looseObject({ side_data_type: v.string() });
const Shapes = v.object({ streams: v.tuple([v.looseObject({ side_data_list: v.optional(v.array(sideData), []) })]) });
// What the bit rate is says the muxer of each file.
const ofTheFile = "CPB properties";

async function shapeOf(file: string, index: number, spawn: Spawn, signal: AbortSignal) {
  const entries = ["-show_entries", `stream=${fields}:stream_side_data`, "-show_data_hash", "sha256", "-of", "json"];
  const query = ["-v", "error", ...inputAllowlist, "-select_streams", String(index), ...entries, file];
  const { stdout, ended } = await runToEnd(spawn, { argv: ["ffprobe", ...query], reads: [file], signal });
  const [stream] = (ended.exitCode === 0 ? fromJsonText(Shapes, stdout.toString())?.streams : undefined) ?? [];
  const { side_data_list: list = [], ...shape } = stream ?? {};
  return stream && { ...shape, list: list.filter(({ side_data_type: type }) => type !== ofTheFile) };
}

/** Whether a cut can have the very times of its source: Matroska is written in milliseconds. */
export function canCutExactly({ format, video, inputOptions = [] }: Probe): boolean {
  if (inputOptions.length > 0) return false;
  if (!/matroska|webm/.test(format)) return true;
  const isWhole = (seconds: number) => Math.abs(seconds * 1_000 - Math.round(seconds * 1_000)) < 1e-3;
  return video?.packets?.keyframes.every(isWhole) ?? false;
}
