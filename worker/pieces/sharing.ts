import { join } from "node:path";
import type { Tick } from "#worker/ffmpeg/progress.ts";
import { framesAfter, pieceFiles } from "#worker/plan/pieces.ts";
import type { Board } from "./board.ts";
import type { BoardState } from "./board-state.ts";
import { makeClaimWatch } from "./claim-watch.ts";
import type { SplitFilm } from "./encode-piece.ts";
import type { PiecesOptions, PiecesProgress } from "./encode-pieces.ts";
import type { PieceFile } from "./piece-file.ts";
import { readPieceFile } from "./piece-file.ts";
import type { StoredPiece } from "./stored-pieces.ts";

/** How a worker shares the pieces of its job with others. */
export type SharingRules = {
  board: Board;
  /** Makes the board, or finds it: its id. Undefined where this film is not shared. Throws what the storage throws. */
  open(signal: AbortSignal): Promise<string | undefined>;
  /** Copies what a piece needs of the source into a file. Whether that is as good as the source. */
  cut(at: number, file: string): Promise<boolean>;
  /** How many workers the order asks for. */
  workers: number;
  /** Who claims pieces. */
  name: string;
  /** How often a piece may be claimed; then the owner alone encodes it. */
  maxAttempts: number;
  /** Told of each piece that another worker has encoded, and of what is wrong with one. */
  received(piece: number, by: { worker: string; cpuSeconds: number }, problem: string | undefined): void;
  /** Told of what the storage refuses: all goes on without it. */
  failed(error: unknown): void;
  /** The board of the job that this one repeats; absent where it repeats none. */
  former?: {
    board: Board;
    /** Whether its pieces are those of this film. */
    isAlike(signal: AbortSignal): Promise<boolean>;
    /** Told of each piece that is taken from there. */
    taken(piece: number, worker: string): void;
  };
  /** Milliseconds. */
  times?: Partial<typeof usualTimes>;
};

export const usualTimes = {
  /** How often the board is looked at. */
  lookMs: 3_000,
  /** How long a claim counts whose holder writes nothing. */
  staleMs: 60_000,
  /** How long the owner waits for the answer to a claim of its own. */
  claimMs: 5_000,
};

export type Sharing = ReturnType<typeof makeSharing>;

/** What the owner of a film knows of its pieces. */
export function makeSharing(
  { film, pieces }: SplitFilm,
  rules: SharingRules,
  { stored, onProgress }: Pick<PiecesOptions, "stored" | "onProgress">,
  known: (StoredPiece | undefined)[],
) {
  const times = { ...usualTimes, ...rules.times };
  const claims = makeClaimWatch(times.staleMs, () => performance.now());
  const mine = new Map<number, number>();
  const fed = new Set<number>();
  let board: { id: string; state: BoardState } | undefined;
  let own: { at: number; frame: number } | undefined;

  const last = pieces.length - 1;
  const attemptOf = (at: number) => board?.state.claims.get(at) ?? 0;
  const isHeld = (at: number) => mine.get(at) !== attemptOf(at) && claims.isAlive(at, attemptOf(at));
  const isAtWork = (at: number) => isHeld(at) && !board?.state.done.has(at);
  const hasInput = (at: number) => fed.has(at) || (board?.state.inputs.has(at) ?? false);
  const left = () => pieces.flatMap((_, at) => (known[at] ? [] : [at]));
  const isOpen = (at: number) =>
    at !== last && at !== own?.at && hasInput(at) && !isHeld(at) && attemptOf(at) < rules.maxAttempts;

  const progress = (): PiecesProgress => {
    const missing = left();
    const done = pieces.reduce((sum, { from, to }, at) => sum + (known[at] ? to - from : 0), 0);
    return {
      done: pieces.length - missing.length,
      total: pieces.length,
      // Who has just finished one and taken the next is seen at the next look.
      workers: Math.min(rules.workers, Number(own !== undefined) + missing.filter(isAtWork).length),
      frame: done + (own && !known[own.at] ? own.frame : 0),
      ...(board && { board: board.id, open: missing.filter(isOpen) }),
    };
  };

  return {
    ...{ rules, times, claims, mine, fed, known, last, attemptOf, isHeld, hasInput, left },
    boardId: () => board?.id,
    /** Whether this worker encodes it now. */
    isOwn: (at: number) => own?.at === at,
    /** Pieces that others can take now. */
    open: () => left().filter(isOpen),
    publish: () => onProgress(progress()),
    looked(id: string, state: BoardState) {
      board = { id, state };
    },
    /** Notes the highest claim of a piece that is known of, before the next look. */
    claimed: (at: number, attempt: number) => {
      if (board) board.state = { ...board.state, claims: new Map([...board.state.claims, [at, attempt]]) };
    },
    begin(at: number) {
      own = { at, frame: 0 };
      const piece = pieces[at] ?? { from: 0, to: 0 };
      return ({ frame }: Tick) => {
        own = { at, frame: framesAfter(film, piece, frame) - piece.from };
        onProgress(progress());
      };
    },
    end() {
      own = undefined;
    },
    /** How the pieces of this worker are set up, by the renditions; undefined while there is none. */
    async alike(): Promise<PieceFile[] | undefined> {
      const at = known.findIndex(Boolean);
      if (at < 0) return undefined;
      const files = await Promise.all(pieceFiles(film).map((name) => readPieceFile(join(stored.dirOf(at), name))));
      return files.every((file) => file !== undefined) ? files : undefined;
    },
  };
}
