import type { EncodeOptions } from "#worker/ffmpeg/encode.ts";
import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import type { Tick } from "#worker/ffmpeg/progress.ts";
import { plainStep, type Step } from "#worker/job/steps.ts";
import type { SoundPlan } from "#worker/plan/encoded-sound.ts";
import { framesAfter, pieceFiles, streamIn } from "#worker/plan/pieces.ts";
import { encodePiece, type SplitFilm } from "./encode-piece.ts";
import { type EncodedPieces, fitting, joinPieces } from "./join-pieces.ts";
import { noRoom } from "./room.ts";
import type { StoredPiece, StoredPieces } from "./stored-pieces.ts";

export type PiecesOptions = Omit<EncodeOptions, "onLine"> & {
  /** Where pieces are kept, those of earlier attempts too. */
  stored: StoredPieces;
  /** How sounds are encoded beside the pieces; undefined where they are when the pieces are there. */
  sound?: SoundPlan | undefined;
  /** Runs the encode of each piece, and of the sounds. Default: it just does. */
  step?: Step;
  /** Called before each piece that is encoded: what it throws ends the encode. */
  beforePiece?(): void;
  /** Whether the disk has room for the rest, when these pieces are there. Default: it has. */
  hasRoom?(isThere: (at: number) => boolean): Promise<boolean>;
  /** Called with why the film cannot be encoded in pieces, for people, where it cannot. */
  onProblem?(problem: string): unknown;
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
  /** The id of the board on which other workers find pieces; absent where there is none. */
  board?: string;
  /** The numbers of those that others can take now. */
  open?: readonly number[];
};

/**
 * Encodes the pieces of a film that are not there yet, one after the other, and keeps each. Undefined where they would not
 * give what one encode gives: the source is damaged, or they do not fit together.
 */
export async function encodePieces(work: SplitFilm, options: PiecesOptions): Promise<EncodedPieces | undefined> {
  const {
    stored,
    onProgress,
    onProblem = () => {},
    beforePiece,
    hasRoom,
    step = plainStep,
    sound: _,
    ...encoding
  } = options;
  const { film, pieces } = work;
  const known: StoredPiece[] = [];
  const fits = fitting(work, stored);
  for (const [at, piece] of pieces.entries()) {
    const progress = { done: at, total: pieces.length, workers: 1 };
    const onTick = ({ frame }: Tick) => onProgress({ ...progress, frame: framesAfter(film, piece, frame) });
    const encoded = async () => {
      beforePiece?.();
      onProgress({ ...progress, frame: piece.from });
      const report = await encodePiece(work, piece, await stored.begin(at), { ...encoding, onTick });
      if (!report || !(await fits(at))) return void onProblem(problemOf(at, work, report));
      return stored.keep(at, pieceFiles(film), noteOf(work, report));
    };
    const found = await stored.find(at);
    const one = found && (await fits(at)) ? found : await step("piece", encoded);
    if (!one) return undefined;
    known.push(one);
    if ((await hasRoom?.((piece) => piece <= at)) === false) return void onProblem(noRoom);
  }
  onProgress({ done: pieces.length, total: pieces.length, workers: 0, frame: film.frames ?? 0 });
  return await joinPieces(work, stored, known);
}

/** Why a piece is none. */
export const problemOf = (at: number, { pieces }: SplitFilm, report: EncodeReport | undefined) =>
  `piece ${at + 1} of ${pieces.length} ${report ? "is not set up as those before it, or lacks pictures" : "cannot be encoded alone, or the source is damaged there"}`;

/** What is kept of a piece that this worker has encoded. */
export const noteOf = (work: SplitFilm, { read, libraries = {}, steadySeconds }: EncodeReport): StoredPiece => ({
  decoded: read.get(streamIn(work, work.film))?.frames ?? 0,
  libraries,
  ...(steadySeconds !== undefined && { steadySeconds }),
});
