import { rm } from "node:fs/promises";
import { join } from "node:path";
import { delay } from "#shared/async/delay.ts";
import type { Sharing } from "./sharing.ts";

type Feeding = { sharing: Sharing; folder: string; signal: AbortSignal };

/**
 * Puts what pieces are encoded from on the board, the first ones first: so many that each worker that the order asks for
 * finds one, and no more before somebody takes them. Throws what cutting throws.
 */
export async function feedBoard({ sharing, folder, signal }: Feeding): Promise<void> {
  const { rules, times, last } = sharing;
  const isFull = () => sharing.boardId() === undefined || sharing.open().length >= rules.workers;
  // The owner alone encodes the last one.
  for (let at = 0; at < last; at += 1) {
    while (!signal.aborted && isFull()) await delay(times.lookMs / 4, signal);
    if (signal.aborted) return;
    if (sharing.known[at] || sharing.isOwn(at) || sharing.hasInput(at)) continue;
    if (!(await feed(at, join(folder, `${at}.cut`), sharing, signal))) return;
    sharing.publish();
  }
}

/** False where the film cannot be cut. */
async function feed(at: number, file: string, sharing: Sharing, signal: AbortSignal): Promise<boolean> {
  const { rules, fed } = sharing;
  try {
    if (!(await rules.cut(at, file))) return false;
    while (!signal.aborted && !fed.has(at)) await put(at, file, sharing, signal);
    return true;
  } finally {
    await rm(file, { force: true });
  }
}

async function put(at: number, file: string, { rules, times, fed }: Sharing, signal: AbortSignal) {
  try {
    await rules.board.putInput(at, file, signal);
    fed.add(at);
  } catch (error) {
    if (signal.aborted) return;
    rules.failed(error);
    await delay(times.lookMs, signal);
  }
}
