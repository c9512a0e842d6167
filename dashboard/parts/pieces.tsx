import type { Job } from "#client/client.ts";
import { barsOf } from "../pieces-words.ts";

/** The pieces that a film is encoded in, a bar for each: those that are done, that are being encoded, and the others. */
export const Pieces = ({ pieces }: { pieces: NonNullable<Job["pieces"]> }) => (
  <div class="pieces">
    <div class="bar" aria-hidden="true">
      {barsOf(pieces).map(({ state, share }, at) => (
        <span key={at} class={state} style={{ flexGrow: share }} />
      ))}
    </div>
    <p>
      {pieces.done} of {pieces.total} pieces done{workersWords(pieces)}
    </p>
  </div>
);

const workersWords = ({ workers }: { workers: number }) => {
  if (workers === 0) return "";
  return workers === 1 ? ", 1 worker encoding" : `, ${workers} workers encoding`;
};
