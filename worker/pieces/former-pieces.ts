import { rm } from "node:fs/promises";
import { join } from "node:path";
import { receivePiece } from "./receive-piece.ts";
import { keepReceived, type Watching } from "./watch-board.ts";

/**
 * Takes the pieces that other workers have put on the board of the job that this one repeats, once, as soon as there is a
 * piece of this worker to hold them against. Never throws: what cannot be taken is encoded.
 */
export function makeFormerPieces({ sharing, stored, work, spawn, signal }: Omit<Watching, "settle">) {
  const { rules, known, last } = sharing;
  let isTaken = rules.former === undefined;

  const take = async (at: number) => {
    const [piece, alike] = [work.pieces[at], await sharing.alike()];
    const done = await rules.former?.board.done(at, signal);
    if (!piece || !alike || !done || !rules.former) return;
    const folder = join(stored.folder, `received-${at}`);
    try {
      const receiving = { board: rules.former.board, work, alike, signal, spawn };
      if ((await receivePiece(at, piece, done, folder, receiving)) !== undefined) return;
      await keepReceived(at, piece, done, folder, { sharing, stored, work });
      rules.former.taken(at, done.worker);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  const takeAll = async () => {
    if (!(await rules.former?.isAlike(signal))) return;
    const { done = new Set<number>() } = (await rules.former?.board.state(signal)) ?? {};
    for (const at of done) if (at < last && !known[at]) await take(at);
  };

  return async (): Promise<void> => {
    if (isTaken || !(await sharing.alike())) return;
    isTaken = true;
    await takeAll().catch((error) => {
      if (!signal.aborted) rules.failed(error);
    });
  };
}
