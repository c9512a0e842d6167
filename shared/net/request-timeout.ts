import { RequestFailure } from "./request-failure.ts";

export type RequestTimeout = ReturnType<typeof makeRequestTimeout>;

/** A signal that aborts with the outer one, or with a transient RequestFailure when the time that was set is over. */
export function makeRequestTimeout(outer: AbortSignal) {
  const late = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    signal: AbortSignal.any([outer, late.signal]),
    /** Replaces the time that was set before. `words` is the failure's message, which ends in "within" or "for". */
    set(ms: number, words: string) {
      clearTimeout(timer);
      timer = setTimeout(() => late.abort(new RequestFailure(`${words} ${ms / 1_000} s`, { transient: true })), ms);
    },
    clear: () => clearTimeout(timer),
  };
}
