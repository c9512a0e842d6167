/** What one check found; with a `warning` jobs run, but something will not work. */
export type Finding = {
  /** What was looked at, in a word or two. */
  check: string;
  /** Whether jobs run, and whether all works. */
  state: "ok" | "warning" | "fault";
  /** What was found. */
  message: string;
  /** What to do about it; absent where there is nothing to do. */
  advice?: string | undefined;
};

export type Verdict = Omit<Finding, "check">;

export const ok = (message: string): Verdict => ({ state: "ok", message });
export const warning = (message: string, advice?: string): Verdict => ({ state: "warning", message, advice });
export const fault = (message: string, advice?: string): Verdict => ({ state: "fault", message, advice });

const marks = { ok: "✓", warning: "–", fault: "✗" };

export const lineOf = ({ check, state, message, advice }: Finding) =>
  `${marks[state]} ${check.padEnd(10)}  ${message}${advice ? `; ${advice}` : ""}`;
