/** What one check found; with a `warning` jobs run, but something will not work. */
export type Finding = {
  check: string;
  state: "ok" | "warning" | "fault";
  message: string;
  advice?: string | undefined;
};

export type Verdict = Omit<Finding, "check">;

export const ok = (message: string): Verdict => ({ state: "ok", message });
export const warning = (message: string, advice?: string): Verdict => ({ state: "warning", message, advice });
export const fault = (message: string, advice?: string): Verdict => ({ state: "fault", message, advice });

const marks = { ok: "✓", warning: "–", fault: "✗" };

export const lineOf = ({ check, state, message, advice }: Finding) =>
  `${marks[state]} ${check.padEnd(10)}  ${message}${advice ? `; ${advice}` : ""}`;
