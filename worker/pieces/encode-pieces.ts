import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EncodeOptions } from "#worker/ffmpeg/encode.ts";
import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import type { Tick } from "#worker/ffmpeg/progress.ts";
import { plainStep, type Step } from "#worker/job/steps.ts";
import type { Film } from "#worker/plan/film.ts";
import { framesAfter, pieceArgs, pieceFiles, pieceList, shownFrom } from "#worker/plan/pieces.ts";
import { encodePiece, type SplitFilm } from "./encode-piece.ts";
import { type PieceFile, readPieceFile } from "./piece-file.ts";
import type { StoredPiece, StoredPieces } from "./stored-pieces.ts";

type Options = Omit<EncodeOptions, "onLine"> & {
  /** Where pieces are kept, those of earlier attempts too. */
  stored: StoredPieces;
  /** Runs the encode of each piece. Default: it just does. */
  step?: Step;
  /** Called before anything is encoded, and then up to four times a second, with how much is. */
  onProgress(progress: PiecesProgress): unknown;
};

/** How far the pieces of a film are. */
export type PiecesProgress = {
  /** Pieces that are encoded. */
  done: number;
  total: number;
  /** Workers that encode any now. */
  workers: number;
  /** Pictures that are encoded, those of earlier attempts too. */
  frame: number;
};

/** All pieces of a film, encoded. */
export type EncodedPieces = {
  /** For each rendition a list that joins its pieces: see `Place.encoded`. */
  lists: readonly string[];
  /** What ffmpeg said of them, as of one encode. */
  report: Pick<EncodeReport, "read" | "written" | "steadySeconds" | "libraries"> &
    Required<Pick<EncodeReport, "pieces" | "workers">>;
};

/**
 * Encodes the pieces of a film that are not there yet, one after the other, and keeps each. Undefined where they would not
 * give what one encode gives: the source is damaged, or they do not fit together.
 */
export async function encodePieces(work: SplitFilm, options: Options): Promise<EncodedPieces | undefined> {
  const { stored, onProgress, step = plainStep, ...encoding } = options;
  const { film, pieces } = work;
  const known: StoredPiece[] = [];
  const fits = fitting(work, stored);
  for (const [at, piece] of pieces.entries()) {
    const progress = { done: at, total: pieces.length, workers: 1 };
    const onTick = ({ frame }: Tick) => onProgress({ ...progress, frame: framesAfter(film, piece, frame) });
    const encoded = async () => {
      onProgress({ ...progress, frame: piece.from });
      const report = await encodePiece(work, piece, await stored.begin(at), { ...encoding, onTick });
      if (!report || !(await fits(at))) return undefined;
      return stored.keep(at, pieceFiles(film), noteOf(film, report));
    };
    const found = await stored.find(at);
    const one = found && (await fits(at)) ? found : await step("piece", encoded);
    if (!one) return undefined;
    known.push(one);
  }
  onProgress({ done: pieces.length, total: pieces.length, workers: 0, frame: film.frames ?? 0 });
  return { lists: await writeLists(work, stored), report: asOne(work, known) };
}

const noteOf = ({ video }: Film, { read, libraries = {}, steadySeconds }: EncodeReport): StoredPiece => ({
  decoded: read.get(video.index)?.frames ?? 0,
  libraries,
  ...(steadySeconds !== undefined && { steadySeconds }),
});

/**
 * Tells of one piece after the other whether it has its pictures, and each rendition is set up as those before it: others
 * would join without a word.
 */
function fitting({ film, pieces }: SplitFilm, stored: StoredPieces) {
  const first: (PieceFile | undefined)[] = [];
  return async (at: number): Promise<boolean> => {
    const { from, to } = pieces[at] ?? { from: 0, to: 0 };
    for (const [rendition, name] of pieceFiles(film).entries()) {
      const file = await readPieceFile(join(stored.dirOf(at), name));
      first[rendition] ??= file;
      if (file?.frames !== to - from || file.config !== first[rendition]?.config) return false;
    }
    return true;
  };
}

const writeLists = ({ film, pieces }: SplitFilm, { folder }: StoredPieces): Promise<string[]> =>
  Promise.all(
    film.renditions.map(async (_, rendition) => {
      const path = join(folder, `${rendition}.ffconcat`);
      await writeFile(path, pieceList(film, pieces, rendition));
      return path;
    }),
  );

/** What is known of all pieces, as one encode would tell it. */
function asOne({ film, pieces, source, input }: SplitFilm, known: readonly StoredPiece[]): EncodedPieces["report"] {
  // All that was read was decoded: a piece is kept only then.
  const frames = known.reduce((sum, { decoded }) => sum + decoded, 0);
  const [last, seconds] = [pieces.at(-1), known.at(-1)?.steadySeconds];
  return {
    read: new Map([[film.video.index, { packets: frames, frames }]]),
    written: film.renditions.map(() => ({ output: 0, kind: "video", frames: film.frames ?? 0, samples: 0 })),
    ...(last && seconds !== undefined && { steadySeconds: shownFrom(film, last, seconds) }),
    pieces: pieces.map((piece) => pieceArgs(film, source, { input }, piece)),
    workers: 1,
    libraries: Object.assign({}, ...known.map(({ libraries }) => libraries)),
  };
}
