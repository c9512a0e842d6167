import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { delay } from "#shared/async/delay.ts";
import { makeSerial } from "#shared/async/serial.ts";
import type { Spawn } from "#worker/ffmpeg/run.ts";
import { type Piece, pieceFiles } from "#worker/plan/pieces.ts";
import type { PieceDone } from "./board.ts";
import type { BoardState } from "./board-state.ts";
import type { SplitFilm } from "./encode-piece.ts";
import { receivePiece } from "./receive-piece.ts";
import type { Sharing } from "./sharing.ts";
import type { StoredPieces } from "./stored-pieces.ts";

export type Watching = {
  work: SplitFilm;
  sharing: Sharing;
  stored: StoredPieces;
  spawn?: Spawn | undefined;
  signal: AbortSignal;
  /** Keeps a piece that came from elsewhere, unless it is there by now: nobody else touches its folder meanwhile. */
  settle(at: number, keep: () => Promise<void>): Promise<void>;
};

/** Looks at the board: who has which piece, and what is there. */
export function makeBoardWatch(watching: Watching) {
  const { sharing, signal } = watching;
  const { rules, times } = sharing;
  const looks = makeSerial();
  let isShared = true;

  const lookOnce = async () => {
    if (!isShared || signal.aborted) return;
    const id = sharing.boardId() ?? (await rules.open(signal));
    isShared = id !== undefined;
    if (id !== undefined) await look(id, watching);
  };

  /** Looks at it once. Never throws. */
  const lookNow = () =>
    looks.run("board", () =>
      lookOnce().catch((error) => {
        if (!signal.aborted) rules.failed(error);
      }),
    );

  return {
    lookNow,
    /** Does something while nothing is taken from the board. */
    between: (work: () => Promise<void>) => looks.run("board", work),
    /** Looks again and again until the signal fires. Never throws. */
    async run(): Promise<void> {
      while (!signal.aborted) {
        await lookNow();
        if (!isShared) return;
        if (!signal.aborted) sharing.publish();
        await delay(times.lookMs, signal);
      }
    },
  };
}

async function look(id: string, watching: Watching) {
  const { sharing, signal, work } = watching;
  const { claims, known, mine, rules } = sharing;
  const state = await rules.board.state(signal);
  for (const [at, attempt] of state.claims) {
    if (at >= work.pieces.length || known[at] || mine.get(at) === attempt || attempt > rules.maxAttempts) continue;
    claims.saw(at, attempt, await rules.board.lastBeat(at, attempt, signal));
  }
  sharing.looked(id, state);
  await withdraw(state, watching);
  for (const at of state.done) if (at < sharing.last && !known[at]) await receive(at, watching);
}

/** Removes claims of pieces that are there: whoever counts how many workers are at work need not look at them. */
async function withdraw({ claims, done }: BoardState, { sharing, signal }: Watching) {
  for (const [at, attempt] of claims) {
    if (sharing.known[at] && !done.has(at)) await sharing.rules.board.withdraw(at, attempt, signal);
  }
}

async function receive(at: number, watching: Watching) {
  const { sharing, signal, work, stored, spawn, settle } = watching;
  const { rules, claims } = sharing;
  const piece = work.pieces[at];
  const alike = await sharing.alike();
  if (!piece || !alike) return;
  const done = await rules.board.done(at, signal);
  const folder = join(stored.folder, `received-${at}`);
  const receiving = { board: rules.board, work, alike, signal, spawn };
  try {
    const problem = done
      ? await receivePiece(at, piece, done, folder, receiving)
      : "what is said of it is not understood";
    rules.received(at, { worker: done?.worker ?? "", cpuSeconds: done?.cpuSeconds ?? 0 }, problem);
    if (done && problem === undefined) return await settle(at, () => keepReceived(at, piece, done, folder, watching));
    claims.isLost(at, done?.attempt ?? sharing.attemptOf(at));
    await rules.board.reject(at, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Keeps a piece that was received in this folder. */
export async function keepReceived(
  at: number,
  piece: Piece,
  { worker }: PieceDone,
  from: string,
  { sharing, stored, work }: Pick<Watching, "sharing" | "stored" | "work">,
) {
  const to = await stored.begin(at);
  const names = pieceFiles(work.film);
  for (const name of names) await rename(join(from, name), join(to, name));
  const found = { decoded: piece.to - piece.from, libraries: {}, worker };
  sharing.known[at] = await stored.keep(at, names, found);
}
