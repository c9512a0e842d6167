import { Fault, invalidField } from "#shared/fault.ts";
import type { Metric } from "#shared/job/metric.ts";
import type { Capabilities, CapabilityName } from "#worker/ffmpeg/capabilities.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { vmafModel } from "./filters.ts";

/** An ffmpeg that has this scores by VMAF: the filter and the model in it work. */
export const vmafCapability: CapabilityName = `filter:libvmaf:${vmafModel}`;

const canMeasure = (metric: Metric, ffmpeg: Capabilities) => metric === "ssim" || ffmpeg.has(vmafCapability);

/** Throws when this worker cannot measure what an order asks for, which another may. */
export async function checkCanMeasure(metric: Metric | undefined, ffmpeg: Promise<Capabilities>): Promise<void> {
  if (metric === "vmaf" && !canMeasure(metric, await ffmpeg))
    throw invalidField(
      "measure",
      "no worker that answers can measure VMAF: give one an ffmpeg that is built with libvmaf, or use ssim",
    );
}

/** The least that sides may have, in pixels: both look at pictures that are made smaller several times. */
const leastSides: Readonly<Record<Metric, number>> = { vmaf: 32, ssim: 16 };

/** Throws when what is planned cannot be measured, before anything is encoded. */
export function checkMeasurable(metric: Metric, { reference }: Plan, ffmpeg: Capabilities): void {
  if (!canMeasure(metric, ffmpeg))
    throw new Fault("encode_failed", `the order needs libvmaf, which the worker's ffmpeg ${ffmpeg.version.text} lacks`);
  const small = reference?.renditions.find(({ width, height }) => Math.min(width, height) < leastSides[metric]);
  if (!small) return;
  const words = `a picture of ${small.width}x${small.height} is too small to be measured by ${metric}`;
  throw new Fault("source_failed", `${words}, which needs ${leastSides[metric]} pixels; leave measure out`);
}
