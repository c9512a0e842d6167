import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { Fault } from "#shared/fault.ts";
import { watchFreeSpace } from "#worker/disk-space.ts";
import type { Capabilities } from "#worker/ffmpeg/capabilities.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { type Spawn, spawnFor } from "#worker/ffmpeg/run.ts";
import type { Job } from "#worker/job/job.ts";
import type { Reporter } from "#worker/job/reporter.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { type Aimed, aim } from "#worker/quality/aim.ts";
import { canAim, isAdaptive } from "#worker/quality/check-aim.ts";
import { isFilmPreset } from "#worker/quality/sample-preset.ts";
import { aimFromText, aimToText } from "#worker/quality/stored-aim.ts";
import type { SourceHash } from "#worker/source/source-hash.ts";

type Options = {
  /** The path of the source. */
  input: string;
  source: Probe;
  sourceHash: SourceHash;
  /** All that ffmpeg can. */
  capabilities: Promise<Capabilities>;
  /** How long ffmpeg may go without progress. */
  stallMs: number;
  /** How ffmpeg is started. */
  spawn: Spawn;
};

/** What is decided of a preset for the film of an order; undefined where neither asks for a quality or a ladder. */
export async function aimForOrder(
  { order, journal, meter, signal, step }: Job,
  { report }: Reporter,
  preset: Preset,
  { spawn, sourceHash, ...options }: Options,
): Promise<Aimed | undefined> {
  const target = order.quality?.vmaf;
  const wanted = { target, isAdaptive: isAdaptive(preset) };
  if (!isFilmPreset(preset) || (target === undefined && !wanted.isAdaptive)) return undefined;
  // Its sample is taken of one file.
  if (options.source.joined) {
    const what = target === undefined ? "a preset whose ladder is adaptive" : "quality";
    throw new Fault("invalid", `${what} needs one source: several inputs are joined with the preset's own settings`);
  }
  const capabilities = await options.capabilities;
  if (!canAim(capabilities))
    throw new Fault("encode_failed", "the order aims at a quality, and the worker's ffmpeg has no libvmaf any more");
  const decidedOf = [capabilities.version.text, await sourceHash(), preset, wanted];
  const key = createHash("sha256").update(JSON.stringify(decidedOf)).digest("hex");
  const before = aimFromText(await journal.aim(), key, preset);
  if (before) return before;
  const dir = journal.sampleDir;
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir);
  using space = watchFreeSpace(dir, "the sample of the film");
  const onStep = (message: string) => report({ status: "processing", message });
  const counted = meter.aiming(spawnFor(spawn, { reads: [dir], longestMs: order.timeoutMs }));
  try {
    const aimed = await step("aim", () =>
      aim(preset, options.source, wanted, { ...options, capabilities, dir, signal, spawn: counted, onStep }),
    );
    await journal.aimed(aimToText(key, aimed));
    return aimed;
  } catch (error) {
    await space.check();
    throw error;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
