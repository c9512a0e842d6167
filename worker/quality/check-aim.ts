import { invalidField } from "#shared/fault.ts";
import type { Order } from "#shared/job/order.ts";
import type { Capabilities } from "#worker/ffmpeg/capabilities.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { vmafCapability } from "./check-metric.ts";
import { sampleCodec } from "./sample-probe.ts";

/** Whether an ffmpeg can take a sample of a film and score what is encoded of it. */
export const canAim = (ffmpeg: Capabilities) => ffmpeg.has(vmafCapability) && ffmpeg.has(`encoder:${sampleCodec}`);

/** Whether the renditions of a preset are chosen by what a film needs. */
export const isAdaptive = (preset: Preset) => "ladder" in preset && preset.ladder === "adaptive";

/** Throws when this worker cannot find the CRFs or the renditions that an order or its preset asks for; another may. */
export async function checkCanAim(
  { quality }: Pick<Order, "quality">,
  preset: Preset,
  ffmpeg: Promise<Capabilities>,
): Promise<void> {
  if ((!quality && !isAdaptive(preset)) || canAim(await ffmpeg)) return;
  const what = quality ? `VMAF ${quality.vmaf} is aimed at` : `preset ${preset.name} chooses its renditions by VMAF`;
  throw invalidField("quality", `${what}, and the worker's ffmpeg has no libvmaf; use another ffmpeg or preset`);
}
