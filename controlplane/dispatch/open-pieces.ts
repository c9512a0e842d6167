import type { Pieces } from "#shared/job/pieces.ts";
import type { HelpOutcome } from "./help-outcome.ts";

/** A piece that another worker may encode. */
export type OpenPiece = {
  /** The id of the board that it lies on. */
  board: string;
  /** Its number, from 0. */
  piece: number;
};

/** A piece that a worker does not need, or has failed at, is left alone until its owner has heard of that. */
const restMs = 5_000;
/** What tells nothing of the piece. */
const others: readonly HelpOutcome[] = ["busy", "unfit", "closed"];

/** The pieces of one job that other workers may encode, as its owner tells of them. */
export function makeOpenPieces(now: () => number = () => performance.now()) {
  let board = "";
  let open: readonly number[] = [];
  let isDone = false;
  const taken = new Set<number>();
  const restUntil = new Map<number, number>();

  const isFree = (piece: number) => !taken.has(piece) && (restUntil.get(piece) ?? 0) <= now();

  return {
    /** Takes note of what the owner tells. True when the pieces lie on another board than before: it began anew. */
    heard(told: Pieces): boolean {
      const isNew = told.board !== undefined && told.board !== board;
      if (isNew) {
        board = told.board ?? "";
        taken.clear();
        restUntil.clear();
      }
      open = told.open ?? [];
      isDone = told.done >= told.total;
      return isNew;
    },
    /** Whether any is neither encoded nor on its way to be. */
    isAnyLeft: () => board !== "" && !isDone,
    /** How many may be taken now. */
    free: () => (isDone ? 0 : open.filter(isFree).length),
    /** Takes the first one; undefined when there is none. */
    take(): OpenPiece | undefined {
      const piece = isDone ? undefined : open.find(isFree);
      if (piece === undefined) return undefined;
      taken.add(piece);
      return { board, piece };
    },
    /** Takes note of how the work at a piece has ended. */
    ended(of: OpenPiece, outcome: HelpOutcome) {
      if (of.board !== board) return;
      taken.delete(of.piece);
      if (!others.includes(outcome)) restUntil.set(of.piece, now() + restMs);
    },
  };
}
