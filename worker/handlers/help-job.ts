import * as v from "valibot";
import type { HelpRequest } from "#proto/worker/v1/worker_pb.js";
import { delay } from "#shared/async/delay.ts";
import { linkedSignal } from "#shared/async/linked-signal.ts";
import { invalidField } from "#shared/fault.ts";
import { checkedJobId } from "#shared/job/id.ts";
import { boardId } from "#worker/pieces/board-plan.ts";
import type { AskedPiece } from "#worker/pieces/help.ts";
import type { Methods, ServiceDeps } from "./methods.ts";

/** How often a caller hears how far a piece is. */
const tellEveryMs = 1_000;

/** Encodes pieces of films for the workers that have the jobs. */
export const helpHandlers = (
  deps: Pick<ServiceDeps, "checkCanAccept" | "helpWithPiece">,
): Pick<Methods, "helpJob"> => ({
  async *helpJob(request, signal) {
    await deps.checkCanAccept();
    const asked = askedPiece(request);
    let told = { frames: 0, total: 0 };
    const onProgress = (frames: number, total: number) => {
      told = { frames, total };
    };
    const leaving = new AbortController();
    using open = linkedSignal([signal, leaving.signal]);
    const work = deps.helpWithPiece(asked, { signal: open.signal, onProgress });
    try {
      let done: boolean | undefined;
      while (done === undefined) {
        using over = stopwatch();
        done = await Promise.race([work, over.wait(tellEveryMs)]);
        yield { ...told, done: done ?? false };
      }
    } finally {
      // Whoever no longer listens no longer wants the piece, and its slot is free once nothing of it runs.
      leaving.abort();
      await work.catch(() => {});
    }
  },
});

/** Waits so long, or until it is disposed of. */
function stopwatch() {
  const over = new AbortController();
  return {
    wait: (ms: number): Promise<undefined> => delay(ms, over.signal).then(() => undefined),
    [Symbol.dispose]: () => over.abort(),
  };
}

function askedPiece({ jobId, board, piece }: HelpRequest): AskedPiece {
  if (!v.is(boardId, board)) throw invalidField("board", "is not the id of a board");
  if (piece < 0) throw invalidField("piece", "must be 0 or more");
  return { jobId: checkedJobId(jobId), board, piece };
}
