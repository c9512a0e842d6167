import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import { pieceArgs, pieceFiles, pieceList, shownFrom } from "#worker/plan/pieces.ts";
import type { Encoded } from "#worker/plan/plan.ts";
import type { SplitFilm } from "./encode-piece.ts";
import type { EncodedSound } from "./encode-sound.ts";
import { type PieceFile, readPieceFile } from "./piece-file.ts";
import type { StoredPiece, StoredPieces } from "./stored-pieces.ts";

/** All pieces of a film, encoded. */
export type EncodedPieces = {
  /** For each rendition a list that joins its pieces: see `Place.encoded`. */
  lists: readonly string[];
  /** What all sounds are encoded in, where they are: see `Place.sound`. */
  sound?: string;
  /** What ffmpeg said of them, as of one encode. */
  report: Pick<
    EncodeReport,
    "read" | "written" | "steadySeconds" | "mixedPeak" | "libraries" | "pieceWorkers" | "soundArgs"
  > &
    Required<Pick<EncodeReport, "pieces" | "workers">>;
};

/** What joins the pieces of a film, all of which are stored and fit together. */
export async function joinPieces(
  work: SplitFilm,
  stored: StoredPieces,
  known: readonly StoredPiece[],
): Promise<EncodedPieces> {
  return { lists: await writeLists(work, stored), report: asOne(work, known) };
}

/** What of an output is encoded, for its plan. */
export const encodedIn = ({ lists, sound }: Pick<EncodedPieces, "lists" | "sound">): Encoded => ({
  encoded: lists,
  ...(sound !== undefined && { sound }),
});

/** The pieces of a film, and its sounds. */
export const withSound = (
  { report, ...encoded }: EncodedPieces,
  { path, args, read, written, mixedPeak, libraries }: EncodedSound,
): EncodedPieces => ({
  ...encoded,
  sound: path,
  report: {
    ...report,
    read: new Map([...report.read, ...read]),
    written: [...report.written, ...written],
    ...(mixedPeak !== undefined && { mixedPeak }),
    libraries: { ...report.libraries, ...libraries },
    soundArgs: args,
  },
});

/**
 * Tells of one piece after the other whether it has its pictures, and each rendition is set up as those before it: others
 * would join without a word.
 */
export function fitting({ film, pieces }: SplitFilm, stored: StoredPieces) {
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
function asOne({ film, pieces, source, ...place }: SplitFilm, known: readonly StoredPiece[]): EncodedPieces["report"] {
  // All that was read was decoded: a piece is kept only then.
  const frames = known.reduce((sum, { decoded }) => sum + decoded, 0);
  const [last, seconds] = [pieces.at(-1), known.at(-1)?.steadySeconds];
  const names = new Map(known.flatMap(({ worker }, at) => (worker === undefined ? [] : [[at, worker] as const])));
  return {
    read: new Map([[film.video.index, { packets: frames, frames }]]),
    written: film.renditions.map(() => ({ output: 0, kind: "video", frames: film.frames ?? 0, samples: 0 })),
    ...(last && seconds !== undefined && { steadySeconds: shownFrom(film, last, seconds) }),
    pieces: pieces.map((piece) => pieceArgs(film, source, place, piece)),
    workers: 1 + new Set(names.values()).size,
    ...(names.size > 0 && { pieceWorkers: names }),
    libraries: Object.assign({}, ...known.map(({ libraries }) => libraries)),
  };
}
