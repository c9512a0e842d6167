import { RequestFailure } from "./request-failure.ts";

export type Alarm = ReturnType<typeof makeAlarm>;

/** A signal that aborts with the outer one, or with a transient RequestFailure when what was set takes too long. */
export function makeAlarm(outer: AbortSignal) {
  const late = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    signal: AbortSignal.any([outer, late.signal]),
    /** Takes the place of what was set before; `words` end in "within" or "for". */
    set(ms: number, words: string) {
      clearTimeout(timer);
      timer = setTimeout(() => late.abort(new RequestFailure(`${words} ${ms / 1_000} s`, { transient: true })), ms);
    },
    clear: () => clearTimeout(timer),
  };
}
