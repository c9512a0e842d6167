import { linkedSignal } from "#shared/async/linked-signal.ts";
import type { Tick } from "#worker/ffmpeg/progress.ts";
import { plainStep } from "#worker/job/steps.ts";
import { pieceFiles } from "#worker/plan/pieces.ts";
import { choose, claim } from "./choose-piece.ts";
import { encodePiece, type SplitFilm } from "./encode-piece.ts";
import { noteOf, type PiecesOptions, problemOf } from "./encode-pieces.ts";
import { type EncodedSound, encodeSound } from "./encode-sound.ts";
import { feedBoard } from "./feed-board.ts";
import { makeFormerPieces } from "./former-pieces.ts";
import { type EncodedPieces, fitting, joinPieces, withSound } from "./join-pieces.ts";
import { noRoom } from "./room.ts";
import { makeSharing, type Sharing, type SharingRules } from "./sharing.ts";
import type { StoredPiece } from "./stored-pieces.ts";
import { makeBoardWatch } from "./watch-board.ts";

/** A piece that this worker encodes now. */
type Own = {
  at: number;
  /** Ends its encode, because it is there. */
  stop(): void;
  /** Resolves when it is kept, or nothing is written any more. */
  ended: Promise<unknown>;
};

/**
 * Encodes the pieces of a film together with workers that find some on a board: the last one and then those that nobody is
 * offered, the later ones first; then what nobody has taken; then again what others have not finished. What comes from
 * others is checked. Whatever becomes of them and of the board, all are encoded. Undefined as for `encodePieces`.
 */
export async function sharePieces(
  work: SplitFilm,
  rules: SharingRules,
  options: PiecesOptions,
): Promise<EncodedPieces | undefined> {
  const { stored, onProgress, signal, spawn } = options;
  const fits = fitting(work, stored);
  const known: (StoredPiece | undefined)[] = [];
  for (const at of work.pieces.keys()) {
    const found = await stored.find(at);
    known.push(found && (await fits(at)) ? found : undefined);
  }
  const sharing = makeSharing(work, rules, options, known);
  sharing.publish();
  const over = new AbortController();
  using linked = linkedSignal([signal, over.signal]);
  const beside = { sharing, signal: linked.signal };
  const former = makeFormerPieces({ ...beside, work, stored, spawn });
  const hands = makeHands(work, sharing, fits, {
    ...options,
    lookNow: () => board.lookNow(),
    takeFormer: () => board.between(former),
  });
  const board = makeBoardWatch({ ...beside, work, stored, spawn, settle: hands.settle });
  const others = Promise.all([board.run(), feedBoard({ ...beside, folder: stored.folder }).catch(rules.failed)]);
  try {
    if (!(await hands.encodeAll())) return undefined;
  } finally {
    over.abort(new Error("no more pieces are needed"));
    await others;
  }
  onProgress({ done: known.length, total: known.length, workers: 0, frame: work.film.frames ?? 0 });
  const all = known.filter((piece): piece is StoredPiece => piece !== undefined);
  const [encoded, sound] = [await joinPieces(work, stored, all), hands.sound()];
  return sound ? withSound(encoded, sound) : encoded;
}

type HandsOptions = PiecesOptions & {
  /** Looks at the board at once. */
  lookNow(): Promise<void>;
  /** Takes what the job has made that this one repeats. */
  takeFormer(): Promise<void>;
};

/** What this worker itself does: one piece after the other. */
function makeHands(
  work: SplitFilm,
  sharing: Sharing,
  fits: (at: number) => Promise<boolean>,
  { stored, lookNow, takeFormer, onProgress: _, onProblem = () => {}, step = plainStep, ...options }: HandsOptions,
) {
  const { known } = sharing;
  const { beforePiece, hasRoom, sound, ...encoding } = options;
  const { signal } = encoding;
  let own: Own | undefined;
  let arriving: Promise<void> | undefined;
  let heard: { encoded: EncodedSound | undefined } | undefined;

  /** Encodes the sounds, once: that it cannot be is no matter here. */
  const encodeHeard = async () => {
    if (!sound || heard) return;
    beforePiece?.();
    heard = { encoded: await encodeSound(sound, { ...encoding, stored, step }) };
  };
  const next = async (): Promise<number | undefined> => {
    for (let hasLooked = false; ; ) {
      await arriving;
      const at = choose(sharing);
      // What somebody has may be there by now.
      if (at !== undefined && sharing.isHeld(at) && !hasLooked) {
        hasLooked = true;
        await lookNow();
        continue;
      }
      if (at === undefined || (await claim(at, sharing, signal))) return at;
    }
  };

  const encodeAndKeep = async (at: number, stopped: AbortSignal, onTick: (tick: Tick) => void): Promise<boolean> => {
    using either = linkedSignal([signal, stopped]);
    const piece = work.pieces[at] ?? { from: 0, to: 0 };
    const options = { ...encoding, signal: either.signal, onTick };
    const report = await encodePiece(work, piece, await stored.begin(at), options);
    if (!report || !(await fits(at))) {
      onProblem(problemOf(at, work, report));
      return false;
    }
    known[at] = await stored.keep(at, pieceFiles(work.film), noteOf(work, report));
    return true;
  };

  /** Encodes one piece; false where that cannot be. Another worker may be quicker. */
  const encodeOne = async (at: number): Promise<boolean> => {
    const stop = new AbortController();
    const onTick = sharing.begin(at);
    const done = step("piece", () => encodeAndKeep(at, stop.signal, onTick));
    own = { at, stop: () => stop.abort(new Error("the piece is there")), ended: done.catch(() => {}) };
    try {
      return await done;
    } catch (error) {
      if (!stop.signal.aborted || signal.aborted) throw error;
      return true;
    } finally {
      own = undefined;
      sharing.end();
    }
  };

  /** Keeps a piece that came from elsewhere, unless it is there by now. */
  const settle = async (at: number, keep: () => Promise<void>) => {
    if (own?.at === at) {
      own.stop();
      await own.ended;
    }
    if (!known[at]) await keep();
  };

  return {
    /** Encodes until every piece is there. */
    async encodeAll(): Promise<boolean> {
      await takeFormer();
      for (let at = await next(); at !== undefined; at = await next()) {
        beforePiece?.();
        if (!(await encodeOne(at))) return false;
        if ((await hasRoom?.((piece) => known[piece] !== undefined)) === false) {
          onProblem(noRoom);
          return false;
        }
        await takeFormer();
        // By now what comes from others can be held against a piece of this worker.
        await encodeHeard();
      }
      await encodeHeard();
      return true;
    },
    sound: () => heard?.encoded,
    /** Keeps a piece that came from elsewhere. None is begun meanwhile. */
    async settle(at: number, keep: () => Promise<void>) {
      arriving = settle(at, keep);
      try {
        await arriving;
      } finally {
        arriving = undefined;
      }
    },
  };
}
