import { temporaryFolder } from "#tests/support/service.ts";
import { outputFacts } from "#worker/facts/output.ts";
import { examinedFacts } from "#worker/facts/source.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { run } from "#worker/ffmpeg/run.ts";
import { runPlan } from "#worker/ffmpeg/run-plan.ts";
import { measureEntries } from "#worker/manifests/measure.ts";
import { plan } from "#worker/plan/decide.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { inspectOutputs } from "#worker/verify/inspect.ts";
import { makeSegmentInspector } from "#worker/verify/segment-inspector.ts";
import { type Figure, median, spreadOf } from "./figures.ts";
import { footage } from "./job.ts";

const rounds = 11;

/** The CPU time of facts and true manifests, with a reading of all segments, against that of the encode alone. */
export async function facts(): Promise<Figure[]> {
  const input = await footage({ size: "1280x720", seconds: 60 });
  await using folder = await temporaryFolder();
  const signal = AbortSignal.timeout(600_000);
  let encoding = 0;
  const source = await examine(input, { signal });
  const { capabilities } = probeCapabilities();
  const place = { input, outputDir: folder.path, stem: "output" };
  const planned = plan(presetNamed(await loadPresets(), "hls_720p"), source, place, await capabilities);
  const ended: Promise<unknown>[] = [];
  await runPlan(planned, {
    ...{ signal, stallMs: 60_000 },
    spawn(command) {
      const running = run(command);
      ended.push(running.ended.then(({ cpuSeconds }) => (encoding += cpuSeconds * 1_000)));
      return running;
    },
  });
  await Promise.all(ended);
  const files = await inspectOutputs(planned, folder.path, signal);
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    await examinedFacts(source, { path: input, bytes: Bun.file(input).size });
    await measureEntries(planned, { inspector: makeSegmentInspector(planned) });
    await outputFacts(planned, files);
    const { user, system } = process.cpuUsage(before);
    samples.push((user + system) / 1_000);
  }
  return [
    {
      name: "facts and true manifests of 60 s by hls_720p, CPU",
      ...{ value: median(samples), unit: "ms", spread: spreadOf(samples) },
      yardstick: { name: "its encode", value: encoding },
      target: { most: 0.005, of: "ratio" },
    },
  ];
}
