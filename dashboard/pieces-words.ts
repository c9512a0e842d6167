import type { JobEvent } from "#client/client.ts";

type Pieces = NonNullable<JobEvent["pieces"]>;

/** How far the pieces of a running job are, as in `7/12 pieces on 3 workers`. */
export const piecesWords = ({ done, total, workers }: Pieces) => `${done}/${total} pieces${workersWords(workers)}`;

/** How many pieces a job was made in, as in `12 pieces on 3 workers`. */
export const madeOfPieces = ({ total, workers }: Pieces) => `${total} pieces${workersWords(workers)}`;

const workersWords = (workers: number) => (workers > 1 ? ` on ${workers} workers` : "");

/** More of them could not be told apart. */
const mostBars = 100;

/**
 * The bars of a picture of pieces, each with its share of the width: a bar a piece or, of very many, one for all that are
 * done, one for those being encoded and one for the rest.
 */
export function barsOf({ done, total, workers }: Pieces): { state: "done" | "now" | "open"; share: number }[] {
  const now = Math.min(workers, total - done);
  const counts = [
    ["done", done],
    ["now", now],
    ["open", total - done - now],
  ] as const;
  return counts.flatMap(([state, count]) =>
    total > mostBars
      ? { state, share: Math.max(0, count) }
      : Array.from({ length: Math.max(0, count) }, () => ({ state, share: 1 })),
  );
}
