import { isFault } from "#shared/fault.ts";
import { type EncodeOptions, encode } from "#worker/ffmpeg/encode.ts";
import { type EncodeReport, makeReport } from "#worker/ffmpeg/encode-report.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { Tick } from "#worker/ffmpeg/progress.ts";
import type { Film } from "#worker/plan/film.ts";
import { leadArgs, type Piece, type PiecePlace, pieceArgs } from "#worker/plan/pieces.ts";

/** A film that is encoded in pieces. */
export type SplitFilm = {
  film: Film;
  /** One after the other, from its first picture to its last. */
  pieces: readonly Piece[];
  source: Probe;
  /** The path of the source. */
  input: string;
  /** Whether that is a copy of its pictures: see `PiecePlace`. */
  isCopy?: boolean;
  /** How many threads encode: see `PiecePlace`. */
  threads?: number | undefined;
};

type Options = Omit<EncodeOptions, "onLine"> & {
  /** Called up to four times a second with how far the encode of the piece is. */
  onTick(tick: Tick): unknown;
};

/**
 * Encodes one piece into a folder; what ffmpeg says of it is the answer. Undefined where the source is damaged or cannot be
 * encoded: one encode of all of it tells better what is wrong, and may get by with it.
 */
export async function encodePiece(
  { film, source, ...place }: Pick<SplitFilm, "film" | "source"> & PiecePlace,
  piece: Piece,
  outputDir: string,
  { onTick, ...options }: Options,
): Promise<EncodeReport | undefined> {
  try {
    const report = await runEncode(pieceArgs(film, source, place, piece), outputDir, options, onTick);
    if (complaints(report) === 0) return report;
    const lead =
      piece.from === 0 && !source.clip
        ? undefined
        : await runEncode(leadArgs(film, source, place, piece), outputDir, options);
    return lead && complaints(report) <= complaints(lead) ? report : undefined;
  } catch (error) {
    if (isFault(error, "encode_failed") || isFault(error, "source_failed")) return undefined;
    throw error;
  }
}

/** Runs an encode in a folder: what ffmpeg says of it. */
export async function runEncode(
  args: readonly string[],
  outputDir: string,
  options: Omit<EncodeOptions, "onLine">,
  onTick: (tick: Tick) => unknown = () => {},
): Promise<EncodeReport> {
  const { onLine, report } = makeReport();
  for await (const tick of encode({ args, outputDir }, { ...options, onLine })) await onTick(tick);
  return report();
}

/** How often ffmpeg could not decode what it read. */
export const complaints = ({ errors, corrupt }: EncodeReport) =>
  errors + [...corrupt.values()].reduce((sum, count) => sum + count, 0);
