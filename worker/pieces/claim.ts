import { delay } from "#shared/async/delay.ts";
import type { Log } from "#shared/log.ts";
import type { Board } from "./board.ts";
import { givenUp } from "./claim-watch.ts";

/** How often who has claimed a piece shows that it is at work. */
const beatEveryMs = 15_000;
const lastWordMs = 5_000;

type Claiming = {
  worker: string;
  /** How often a piece may be claimed. */
  maxAttempts: number;
  signal: AbortSignal;
  /** How long a claim is looked at that may be another worker's. Default: longer than from one beat to the next. */
  lookMs?: number;
};

/**
 * Claims a piece that nobody is at: the number of the claim, or undefined where somebody is, where it is encoded or was
 * claimed too often, and where as many workers as the order asks for are at work.
 */
export async function claimPiece(
  board: Pick<Board, "state" | "lastBeat" | "claim">,
  piece: number,
  workers: number,
  { worker, maxAttempts, signal, lookMs = beatEveryMs + 5_000 }: Claiming,
): Promise<number | undefined> {
  const state = await board.state(signal);
  const attempt = (state.claims.get(piece) ?? 0) + 1;
  if (state.isEnded || state.done.has(piece) || !state.inputs.has(piece) || attempt > maxAttempts) return undefined;
  const open = [...state.claims].filter(([claimed]) => !state.done.has(claimed));
  if (attempt > 1 || open.length >= workers) {
    const alive = await aliveAmong(open, board, { signal, lookMs });
    if (alive.includes(piece) || alive.length >= workers) return undefined;
  }
  return (await board.claim(piece, attempt, worker, signal)) ? attempt : undefined;
}

type Looking = { signal: AbortSignal; lookMs: number };

/** The pieces whose claims show signs of life while they are looked at. */
async function aliveAmong(
  claims: readonly (readonly [piece: number, attempt: number])[],
  board: Pick<Board, "lastBeat">,
  { signal, lookMs }: Looking,
): Promise<number[]> {
  const beats = () => Promise.all(claims.map(([piece, attempt]) => board.lastBeat(piece, attempt, signal)));
  const before = await beats();
  if (before.some((beat) => beat !== givenUp)) await delay(lookMs, signal);
  signal.throwIfAborted();
  const after = await beats();
  return claims.filter((_, at) => after[at] !== before[at] && after[at] !== givenUp).map(([piece]) => piece);
}

/**
 * Shows signs of life of a claim until it is disposed of. Unless `keep` was called, it is given up then, so that nobody need
 * wait to find it lost. Where the job has ended meanwhile, nothing of it stays.
 */
export function holdClaim(
  board: Pick<Board, "beat" | "isEnded" | "withdraw">,
  [piece, attempt]: readonly [piece: number, attempt: number],
  log: Pick<Log, "debug">,
) {
  const ending = new AbortController();
  let isKept = false;
  const untold = (err: unknown) => log.debug({ err, piece, attempt }, "what became of a claim is not told");
  const beat = async () => {
    for (let beats = 1; !ending.signal.aborted; beats += 1) {
      await board.beat(piece, attempt, String(beats), ending.signal).catch(untold);
      await delay(beatEveryMs, ending.signal);
    }
  };
  const beating = beat();
  const giveUp = async () => {
    const signal = AbortSignal.timeout(lastWordMs);
    if (!isKept) await board.beat(piece, attempt, givenUp, signal);
    // Who ends the job says so before anything is removed: what came after that would stay.
    if (await board.isEnded(signal)) await board.withdraw(piece, attempt, signal);
  };
  return {
    /** Leaves the claim as it is: the piece is finished. */
    keep() {
      isKept = true;
    },
    async [Symbol.asyncDispose]() {
      ending.abort();
      await beating;
      await giveUp().catch(untold);
    },
  };
}
