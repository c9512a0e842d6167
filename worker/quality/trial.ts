import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Capabilities } from "#worker/ffmpeg/capabilities.ts";
import type { EncodeOptions } from "#worker/ffmpeg/encode.ts";
import { runPlan } from "#worker/ffmpeg/run-plan.ts";
import { plan } from "#worker/plan/decide.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { measureQuality } from "./measure-quality.ts";
import { encodedRenditions } from "./renditions.ts";
import type { Sample } from "./sample.ts";
import { type FilmPreset, forSample, type Renditions } from "./sample-preset.ts";
import { scoreFrames } from "./score-frames.ts";

export type TrialOptions = Pick<EncodeOptions, "signal" | "stallMs"> & {
  spawn: NonNullable<EncodeOptions["spawn"]>;
  /** The folder of the sample; each trial takes the place of the one before in it. */
  dir: string;
  /** What ffmpeg can. */
  capabilities: Capabilities;
};

/** An encode of a sample, as the preset has it, and how good each rendition is. */
export type Trial = {
  plan: Plan;
  /** The mean VMAF of each rendition, at its own size. */
  vmaf: readonly number[];
  /** How many pictures it has. */
  frames: number;
};

/** Encodes a sample with these renditions, and scores each. */
export async function tryRenditions(
  sample: Sample,
  preset: FilmPreset,
  renditions: Renditions,
  { dir, capabilities, ...options }: TrialOptions,
): Promise<Trial> {
  const outputDir = join(dir, "trial");
  await rm(outputDir, { recursive: true, force: true });
  await mkdir(outputDir);
  const place = { input: sample.path, outputDir, stem: "sample" };
  const planned = plan(forSample(preset, renditions), sample.probe, place, capabilities);
  const report = await runPlan(planned, options);
  const scored = await measureQuality(planned, { ...options, metric: "vmaf", report, onProgress() {} });
  const frames = report.written.find(({ kind }) => kind === "video")?.frames ?? 0;
  return { plan: planned, frames, vmaf: scored.map(({ mean }) => mean) };
}

/** The mean VMAF of a rendition when it is shown in the size of a larger one, by their numbers. */
export async function scaledUp(
  { plan: planned, frames }: Trial,
  lower: number,
  higher: number,
  { dir: _, capabilities: __, ...options }: TrialOptions,
): Promise<number> {
  const pictures = encodedRenditions(planned)[lower]?.pictures;
  const { reference } = planned;
  const rendition = reference?.renditions[higher];
  if (!pictures || !reference || !rendition) throw new Error("there is no such rendition");
  const { width, height, filters } = rendition;
  const scores = await scoreFrames(
    {
      ...{ metric: "vmaf", frames },
      distorted: { ...pictures, filters: [`scale=${width}:${height}:flags=bicubic`] },
      reference: { inputs: [reference.input], stream: String(reference.stream), filters },
    },
    { ...options, dir: planned.outputDir },
  );
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}
