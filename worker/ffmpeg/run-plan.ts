import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { filesIn } from "#worker/delivery/uploads.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { analyse, type EncodeOptions, encode, prepare } from "./encode.ts";
import { type EncodeReport, makeReport } from "./encode-report.ts";
import type { Tick } from "./progress.ts";

/** Does all that a plan says and leaves its files in the output directory; what ffmpeg read and wrote is the answer. */
export async function runPlan(
  plan: Plan,
  options: EncodeOptions,
  onTick: (tick: Tick) => unknown = () => {},
): Promise<EncodeReport> {
  await prepare(plan, options);
  const { onLine, report } = makeReport();
  for await (const tick of encode(await analyse(plan, options), { ...options, onLine })) await onTick(tick);
  for (const name of plan.preparation?.names ?? []) await rm(join(plan.outputDir, name));
  await writeDerived(plan);
  return report();
}

/** Writes the texts of ours that join what ffmpeg made. */
async function writeDerived({ derived = [], outputDir }: Plan) {
  const names = await filesIn(outputDir);
  for (const { name, text } of derived) await writeFile(join(outputDir, name), text(names));
}
