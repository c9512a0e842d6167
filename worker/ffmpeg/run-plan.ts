import { rm } from "node:fs/promises";
import { join } from "node:path";
import { filesIn } from "#worker/delivery/segment-uploads.ts";
import { ignoreMissing } from "#worker/journal/durable.ts";
import { addCmafBrand } from "#worker/mp4/cmaf-brand.ts";
import { removeHdrBoxes } from "#worker/mp4/hdr-boxes.ts";
import { markTextTracks } from "#worker/mp4/text-tracks.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { analyse, type EncodeOptions, encode, type OnAnalysis, prepare } from "./encode.ts";
import { type EncodeReport, makeReport } from "./encode-report.ts";
import type { Tick } from "./progress.ts";
import { writeTexts } from "./texts.ts";

/** Does all that a plan says and leaves its files in the output directory; what ffmpeg read and wrote is the answer. */
export async function runPlan(
  plan: Plan,
  options: EncodeOptions,
  onTick: (tick: Tick) => unknown = () => {},
  onAnalysis?: OnAnalysis,
): Promise<EncodeReport> {
  const { onPreparation, onLine, report } = makeReport();
  await prepare(plan, { ...options, onLine: onPreparation });
  const { args, outputDir, warnings = [] } = await analyse(plan, options, onAnalysis);
  for await (const tick of encode({ args, outputDir }, { ...options, onLine })) await onTick(tick);
  for (const name of plan.preparation?.names ?? []) await rm(join(plan.outputDir, name));
  for (const { name, video, texts } of plan.files) {
    if (video?.isToneMapped && /\.mp4$/.test(name)) await removeHdrBoxes(join(plan.outputDir, name));
    if (texts && /\.mp4$/.test(name))
      await markTextTracks(
        join(plan.outputDir, name),
        texts.map(({ isDefault }) => isDefault),
      );
  }
  for (const name of await filesIn(plan.outputDir)) {
    // What was delivered meanwhile was finished before.
    await finishFile(plan, join(plan.outputDir, name)).catch(ignoreMissing);
  }
  await writeTexts(plan);
  return { ...report(), args, warnings };
}

/** Completes a file that ffmpeg has finished, also while it encodes others; done twice it is the same. */
export async function finishFile({ outputType }: Pick<Plan, "outputType">, path: string): Promise<void> {
  if (outputType === "cmaf" && path.endsWith(".m4s")) await addCmafBrand(path);
}
