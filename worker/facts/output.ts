import { mostFacts } from "#shared/job/fact-schemas.ts";
import type { OutputFacts } from "#shared/job/output-facts.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { OutputFile } from "#worker/verify/output-file.ts";
import { fileRenditions } from "./files.ts";
import { segmentedRenditions } from "./segmented.ts";

/**
 * What an output holds, as `inspectOutputs` has found its files. Renditions go by the names of files; how many files there
 * are, and of how many bytes, is known for certain when they are published.
 */
export async function outputFacts(plan: Plan, files: readonly OutputFile[]): Promise<OutputFacts> {
  const all =
    plan.outputType === "single"
      ? await fileRenditions(plan, files)
      : [
          ...(await segmentedRenditions(plan, new Map(files.map((file) => [file.name, file])))),
          ...(await fileRenditions(
            plan,
            files.filter(({ name }) => plan.beside?.includes(name)),
          )),
        ];
  const renditions = all.slice(0, mostFacts);
  const lengths = renditions.flatMap(({ durationSeconds }) => durationSeconds ?? []);
  return {
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    ...(lengths.length > 0 && { durationSeconds: Math.max(...lengths) }),
    renditions,
  };
}
