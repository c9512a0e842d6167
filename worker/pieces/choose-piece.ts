import { linkedSignal } from "#shared/async/linked-signal.ts";
import type { Sharing } from "./sharing.ts";

/** Which piece a worker encodes next of its own film; undefined when all are there. */
export function choose({ left, last, hasInput, isHeld }: Sharing): number | undefined {
  const missing = left();
  if (missing.includes(last)) return last;
  return missing.findLast((at) => !hasInput(at) && !isHeld(at)) ?? missing.find((at) => !isHeld(at)) ?? missing[0];
}

/** Whether this worker may begin a piece: not while somebody has just claimed it. */
export async function claim(at: number, sharing: Sharing, signal: AbortSignal): Promise<boolean> {
  const { rules, times, mine, claims, attemptOf, isHeld, hasInput } = sharing;
  const attempt = attemptOf(at) + 1;
  if (!hasInput(at) || isHeld(at) || attempt > rules.maxAttempts) return true;
  try {
    using limited = linkedSignal([signal], times.claimMs);
    const isOurs = await rules.board.claim(at, attempt, rules.name, limited.signal);
    if (isOurs) mine.set(at, attempt);
    else claims.saw(at, attempt, undefined);
    sharing.claimed(at, attempt);
    return isOurs;
  } catch (error) {
    signal.throwIfAborted();
    rules.failed(error);
    return true;
  }
}
