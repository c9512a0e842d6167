import type { Plan } from "#worker/plan/plan.ts";
import type { OutputFile } from "./output-file.ts";

/** Whether a file is the one whose pictures must hold the captions of the source. */
export const mustHoldCaptions = ({ outputType, entry, captions = [] }: Plan, name: string) =>
  outputType === "single" && name === entry && captions.length > 0;

/** What is wrong with the captions of a single file: an encoder that drops them says nothing. */
export function captionProblem(plan: Plan, files: readonly OutputFile[]): string | undefined {
  const lost = files.find(({ name, captions }) => mustHoldCaptions(plan, name) && captions?.length === 0);
  return lost && `${lost.name}: the source's closed captions (${plan.captions?.join(", ")}) are not in its pictures`;
}
