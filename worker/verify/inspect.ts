import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "#shared/fault.ts";
import { probe } from "#worker/ffmpeg/probe.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { OutputFile } from "./verify.ts";

/** Looks at the files that a plan expects; those that are missing are left out. */
export async function inspectOutputs(plan: Plan, dir: string, signal: AbortSignal): Promise<OutputFile[]> {
  const files: OutputFile[] = [];
  for (const { name } of plan.files) {
    const path = join(dir, name);
    const found = await stat(path).catch(() => undefined);
    if (found) files.push({ name, bytes: found.size, probe: await probeIfMedia(path, signal) });
  }
  return files;
}

async function probeIfMedia(path: string, signal: AbortSignal) {
  try {
    return (await probe(path, { signal })).probe;
  } catch (error) {
    if (error instanceof Fault && error.kind === "source_failed") return undefined;
    throw error;
  }
}
