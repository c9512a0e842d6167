import { temporaryFolder } from "#tests/support/service.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { runPlan } from "#worker/ffmpeg/run-plan.ts";
import { measureEntries } from "#worker/manifests/measure.ts";
import { plan } from "#worker/plan/decide.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { inspectOutputs } from "#worker/verify/inspect.ts";
import { comparePictures } from "#worker/verify/pictures/compare.ts";
import { makeSegmentInspector } from "#worker/verify/segment-inspector.ts";
import { verify } from "#worker/verify/verify.ts";
import type { Figure } from "./figures.ts";
import { footage } from "./job.ts";
import { metered } from "./metered.ts";

const presets = ["720p_h264", "hls_720p"];

/** The CPU time of looking into an output, with that of the processes that it starts, against that of its encode. */
export async function verification(): Promise<Figure[]> {
  const file = await footage({ size: "1280x720", seconds: 60 });
  const figures: Figure[] = [];
  // One at a time: the CPU time of this process is that of one verification.
  for (const name of presets) figures.push(await ofPreset(file, name));
  return figures;
}

async function ofPreset(input: string, name: string): Promise<Figure> {
  await using folder = await temporaryFolder();
  const signal = AbortSignal.timeout(600_000);
  const { spawn, seconds: cpuOfChildren } = metered();
  const { capabilities } = probeCapabilities();
  const source = await examine(input, { signal });
  const place = { input, outputDir: folder.path, stem: "output" };
  const planned = plan(presetNamed(await loadPresets(), name), source, place, await capabilities);

  const report = await runPlan(planned, { signal, stallMs: 60_000, spawn });
  const encoding = cpuOfChildren();
  const own = process.cpuUsage();
  await measureEntries(planned, { inspector: makeSegmentInspector(planned) });
  const files = await inspectOutputs(planned, folder.path, signal, { spawn });
  verify(planned, files, report);
  await comparePictures({ plan: planned, files, report, source, input }, { signal, spawn });
  const { user, system } = process.cpuUsage(own);
  const value = cpuOfChildren() - encoding + (user + system) / 1e6;
  return {
    name: `verification of 60 s by ${name}, CPU`,
    ...{ value: value * 1_000, unit: "ms", yardstick: { name: "its encode", value: encoding * 1_000 } },
    target: { most: 0.01, of: "ratio" },
  };
}
