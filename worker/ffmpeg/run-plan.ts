import { rm } from "node:fs/promises";
import { join } from "node:path";
import { removeHdrBoxes } from "#worker/mp4/hdr-boxes.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { analyse, type EncodeOptions, encode, prepare } from "./encode.ts";
import { type EncodeReport, makeReport } from "./encode-report.ts";
import type { Tick } from "./progress.ts";
import { writeTexts } from "./texts.ts";

/** Does all that a plan says and leaves its files in the output directory; what ffmpeg read and wrote is the answer. */
export async function runPlan(
  plan: Plan,
  options: EncodeOptions,
  onTick: (tick: Tick) => unknown = () => {},
): Promise<EncodeReport> {
  const { onPreparation, onLine, report } = makeReport();
  await prepare(plan, { ...options, onLine: onPreparation });
  const { args, outputDir } = await analyse(plan, options);
  for await (const tick of encode({ args, outputDir }, { ...options, onLine })) await onTick(tick);
  for (const name of plan.preparation?.names ?? []) await rm(join(plan.outputDir, name));
  for (const { name, video } of plan.files) {
    if (video?.isToneMapped && /\.mp4$/.test(name)) await removeHdrBoxes(join(plan.outputDir, name));
  }
  await writeTexts(plan);
  return { ...report(), args };
}
