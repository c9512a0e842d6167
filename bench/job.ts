import { mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { keptPath, runFfmpeg } from "#tests/support/clips.ts";
import { client, temporaryFolder } from "#tests/support/service.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { probe } from "#worker/ffmpeg/probe.ts";
import { plan } from "#worker/plan/decide.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { type Figure, median, spreadOf } from "./figures.ts";
import { serveFile, startService } from "./service.ts";

const preset = "720p_h264";

const films = [
  { seconds: 30, preset, pairs: 3, most: 1.03 },
  { seconds: 3, preset, pairs: 9, most: 1.1 },
  { seconds: 3, preset: "hls_720p_abr", pairs: 9, most: 1.13 },
];

/** Jobs through the service, from the POST to the `completed` event, against the bare command, in turns. */
export async function job(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const film of films) figures.push(await overBare(film));
  return figures;
}

async function overBare({ seconds: length, preset, pairs, most }: (typeof films)[number]): Promise<Figure> {
  const file = await footage({ size: "1280x720", seconds: length });
  await using folder = await temporaryFolder();
  await using source = await serveFile(file);
  await using service = await startService();
  const api = client(service.url);
  const args = await argsFor(file, folder.path, preset);
  const times: { bare: number; served: number }[] = [];
  const serve = async () => {
    const { body } = await api.post({ input_url: source.url, preset });
    await api.until(body["job_id"], ({ status }) => status === "completed");
  };

  await serve();
  for (let pair = 0; pair < pairs; pair += 1) {
    const bare = await seconds(() => bareFfmpeg(args));
    times.push({ bare, served: await seconds(serve) });
  }

  const ratios = times.map(({ bare, served }) => served / bare);
  return {
    name: `${length} s of 720p by ${preset}, POST to completed`,
    value: median(times.map(({ served }) => served)),
    unit: "s",
    spread: spreadOf(times.map(({ served }) => served)),
    yardstick: { name: "bare ffmpeg, as nice", value: median(times.map(({ bare }) => bare)) },
    ratio: median(ratios),
    target: { most, of: "ratio" },
  };
}

/** A moving picture with noise, as cameras make it: an encoder cannot skip its blocks. */
export async function footage({ size, seconds }: { size: string; seconds: number }): Promise<string> {
  const args = [
    ...["-f", "lavfi", "-i", `testsrc2=size=${size}:rate=30:duration=${seconds},noise=alls=6:allf=t`],
    ...["-f", "lavfi", "-i", `sine=frequency=440:sample_rate=48000:duration=${seconds}`],
    ...["-c:v", "libx264", "-preset", "veryfast", "-b:v", "8M", "-pix_fmt", "yuv420p"],
    ...["-c:a", "aac", "-ac", "2", "-movflags", "+faststart"],
  ];
  const path = await keptPath(args, "mp4");
  if (await Bun.file(path).exists()) return path;
  await mkdir(dirname(path), { recursive: true });
  const unfinished = join(dirname(path), `bench-${process.pid}.mp4`);
  await runFfmpeg([...args, unfinished]);
  await rename(unfinished, path);
  return path;
}

/** What ffmpeg is given for an input by a preset. */
export async function argsFor(input: string, outputDir: string, name = preset) {
  const probed = await probe(input, { signal: AbortSignal.timeout(30_000) });
  return plan(
    presetNamed(await loadPresets(), name),
    probed,
    { input, outputDir, stem: "output" },
    await probeCapabilities().capabilities,
  ).args;
}

// As nice as a worker's ffmpeg is, or who else is busy on the machine would decide the quotient.
export async function bareFfmpeg(args: readonly string[]) {
  const { exited } = Bun.spawn(["nice", "-n", "5", "ffmpeg", ...args], {
    env: { LANG: "C", PATH: process.env["PATH"] ?? "" },
  });
  if ((await exited) !== 0) throw new Error("ffmpeg failed");
}

export async function seconds(work: () => Promise<unknown>) {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
}
