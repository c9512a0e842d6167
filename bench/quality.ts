import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "#tests/support/service.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { runPlan } from "#worker/ffmpeg/run-plan.ts";
import { plan } from "#worker/plan/decide.ts";
import { aim } from "#worker/quality/aim.ts";
import { canAim } from "#worker/quality/check-aim.ts";
import { measureQuality } from "#worker/quality/measure-quality.ts";
import { type FilmPreset, withCrfsMoved, withRenditions } from "#worker/quality/sample-preset.ts";
import type { Figure } from "./figures.ts";
import { metered } from "./metered.ts";
import { film, filmNames, filmSeconds } from "./quality-films.ts";

const target = 93;
const preset: FilmPreset = {
  ...{
    name: "bench_quality",
    description: "The largest that is quick to try",
    output_type: "single",
    extension: "mp4",
  },
  video: {
    ...{ codec: "h264", speed: "medium", gop_seconds: 2 },
    renditions: [{ size: 270, crf: 23, maxrate: "6000k", bufsize: "12000k" }],
  },
};

type Film = { name: string; input: string; source: Probe };
const signal = new AbortController().signal;

/**
 * Five unlike films brought to one VMAF, each by its own CRF, against all of them by the one CRF that the hardest needs. What
 * aiming takes does not depend on how long a film is; against an encode of 30 and 90 minutes it is computed so.
 */
export async function quality(): Promise<Figure[]> {
  const capabilities = await probeCapabilities().capabilities;
  if (!canAim(capabilities)) throw new Error("this ffmpeg has no libvmaf: put one that has it first on PATH");
  const films: (Film & Awaited<ReturnType<typeof aimed>>)[] = [];
  for (const name of filmNames) {
    const input = await film(name);
    const one = { name, input, source: await examine(input, { signal }) };
    films.push({ ...one, ...(await aimed(one)) });
  }
  const lowest = Math.min(...films.map(({ crf }) => crf));
  let alike = 0;
  for (const one of films) alike += (await encoded(one, withCrf(lowest))).bytes;
  const sum = (of: (film: (typeof films)[number]) => number) => films.reduce((total, one) => total + of(one), 0);
  const cpu = (minutes: number, name: string, of: { aiming: number; encoding: number }): Figure => ({
    name: `CPU of aiming, ${name}, for ${minutes} minutes of film`,
    ...{ value: of.aiming, unit: "s" },
    yardstick: { name: "the encode", value: (of.encoding / filmSeconds) * minutes * 60 },
    target: { most: minutes > 60 ? 0.04 : 0.11, of: "ratio" },
  });
  const all = { aiming: sum(({ aiming }) => aiming), encoding: sum(({ encoding }) => encoding) };
  const costs = films.toSorted((a, b) => b.aiming / b.encoding - a.aiming / a.encoding);
  return [
    ...films.map(
      ({ name, vmaf, crf }): Figure => ({
        name: `distance from VMAF ${target}, ${name} (VMAF ${vmaf.toFixed(2)}, CRF ${crf})`,
        ...{ value: Math.abs(vmaf - target), unit: "VMAF" },
        target: { most: 1, of: "value" },
      }),
    ),
    {
      name: `five films at VMAF ${target}`,
      ...{ value: sum(({ bytes }) => bytes) / 1e6, unit: "MB" },
      yardstick: { name: `all by CRF ${lowest}`, value: alike / 1e6 },
      target: { most: 0.8, of: "ratio" },
    },
    cpu(30, "all five", all),
    cpu(90, "all five", all),
    ...costs.slice(0, 1).flatMap((one) => [cpu(30, `${one.name} alone`, one), cpu(90, `${one.name} alone`, one)]),
  ];
}

const withCrf = (crf: number): FilmPreset => {
  const { renditions, codec } = preset.video;
  return withRenditions(preset, withCrfsMoved(renditions, crf - renditions[0].crf, codec));
};

/** A film brought to its quality: what that took, and what came of it. */
async function aimed(film: Film) {
  await using folder = await temporaryFolder();
  const meter = metered();
  const options = { signal, stallMs: 600_000, spawn: meter.spawn, dir: folder.path };
  const capabilities = await probeCapabilities().capabilities;
  const wanted = { target, isAdaptive: false };
  const found = await aim(preset, film.source, wanted, { ...options, input: film.input, capabilities, onStep() {} });
  const aiming = meter.seconds();
  const made = await encoded(film, found.preset, true);
  console.error(`${film.name}: ${found.reason} ${made.vmaf.toFixed(2)}`);
  return { aiming, crf: found.preset.video.renditions[0].crf, ...made };
}

async function encoded({ input, source }: Film, as: FilmPreset, isMeasured = false) {
  await using folder = await temporaryFolder();
  const outputDir = join(folder.path, "out");
  await mkdir(outputDir);
  const meter = metered();
  const options = { signal, stallMs: 600_000, spawn: meter.spawn };
  const planned = plan(as, source, { input, outputDir, stem: "film" }, await probeCapabilities().capabilities);
  const report = await runPlan(planned, options);
  const encoding = meter.seconds();
  const sizes = (await readdir(outputDir)).map(async (name) => (await stat(join(outputDir, name))).size);
  const bytes = (await Promise.all(sizes)).reduce((total, size) => total + size, 0);
  if (!isMeasured) return { bytes, encoding, vmaf: Number.NaN };
  const [measured] = await measureQuality(planned, { ...options, metric: "vmaf", report, onProgress() {} });
  return { bytes, encoding, vmaf: measured?.mean ?? Number.NaN };
}
