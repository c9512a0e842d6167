/** What came of one step; `limited`: jobs run, but something will not work. */
export type Finding = { step: string; state: "fine" | "limited" | "failed"; words: string };

export type Answer = Omit<Finding, "step">;
export type Step = { name: string; run(): Promise<Answer> };

export const fine = (words: string): Answer => ({ state: "fine", words });
export const limited = (words: string): Answer => ({ state: "limited", words });
export const failed = (words: string): Answer => ({ state: "failed", words });
