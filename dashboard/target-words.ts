import type { JobEvent } from "#client/client.ts";

type Target = Pick<NonNullable<JobEvent["quality"]>, "target" | "reached">;

/** What came of a quality that was aimed at, which is a VMAF whatever was measured; empty where none was. */
export function targetWords({ target, reached }: Target): string {
  if (target === undefined) return "";
  if (reached === undefined) return `VMAF ${target} was aimed at.`;
  return `VMAF ${target} is ${reached ? "reached" : "not reached"}.`;
}
