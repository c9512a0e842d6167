import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { freePort, startCommand } from "#tests/support/processes.ts";
import { client, temporaryFolder } from "#tests/support/service.ts";
import { encodeAsWorker } from "#tests/support/split.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { plan } from "#worker/plan/decide.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { type Figure, median, spreadOf } from "./figures.ts";
import { footage } from "./job.ts";
import { binary, serveFile, startControlplane, workerSettings } from "./service.ts";

const preset = "hls_720p";

/**
 * A film by two workers of one core each, against one such worker and against bare ffmpeg on both cores. `--big` takes 10
 * minutes of 720p; needs taskset and two cores.
 */
export async function farm({ big }: { big: boolean }): Promise<Figure[]> {
  const size = big ? "1280x720" : "426x240";
  const minutes = big ? 10 : 5;
  const file = await footage({ size, seconds: minutes * 60 });
  const rounds: { one: number; two: number; bare: number }[] = [];
  for (let round = 0; round < (big ? 1 : 3); round += 1) {
    rounds.push({ bare: await bareSeconds(file), two: await farmSeconds(file, 2), one: await farmSeconds(file, 1) });
  }
  const figure = (against: "one" | "bare", named: string, most: number): Figure => ({
    name: `${minutes} minutes of ${size} by ${preset}, two workers of one core each`,
    ...{ value: median(rounds.map(({ two }) => two)), unit: "s" },
    spread: spreadOf(rounds.map((round) => round.two / round[against])),
    yardstick: { name: named, value: median(rounds.map((round) => round[against])) },
    ratio: median(rounds.map((round) => round.two / round[against])),
    target: { most, of: "ratio" },
  });
  // At least 1.75 times as fast as one.
  return [figure("one", "one such worker", 0.571), figure("bare", "bare ffmpeg on both cores", 1.18)];
}

async function bareSeconds(input: string): Promise<number> {
  await using folder = await temporaryFolder();
  const outputDir = join(folder.path, "out");
  await mkdir(outputDir);
  const { signal } = new AbortController();
  const source = await examine(input, { signal });
  const capabilities = await probeCapabilities().capabilities;
  const planned = plan(
    presetNamed(await loadPresets(), preset),
    source,
    { input, outputDir, stem: "film" },
    capabilities,
  );
  const began = performance.now();
  await encodeAsWorker({ planned, planWith: () => planned, source, input }, 0, { signal, stallMs: 600_000 });
  return (performance.now() - began) / 1_000;
}

/** From the order to the published output. */
export async function farmSeconds(file: string, workers: number, pieceSeconds = 60): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const home = stack.use(await temporaryFolder()).path;
  const source = stack.use(await serveFile(file));
  const ports: string[] = [];
  for (let core = 0; core < workers; core += 1) {
    const settings = workerSettings(home, await freePort());
    const own = { ...settings, WORK_DIR: `${settings.WORK_DIR}-${core}`, SPLIT_SECONDS: String(pieceSeconds) };
    const argv = ["taskset", "-c", String(core), await binary("worker")];
    stack.use(await startCommand(argv, { ...own, ...(workers === 1 && { SPLIT_SECONDS: "3600" }) }, "worker is ready"));
    ports.push(`127.0.0.1:${settings.GRPC_PORT}`);
  }
  const api = client(stack.use(await startControlplane(ports)).url);
  const began = performance.now();
  const { body } = await api.post({ input_url: source.url, preset, workers });
  const { status, error } = (await api.events(body["job_id"])).at(-1) ?? {};
  if (status !== "completed") throw new Error(`the job is ${status}: ${JSON.stringify(error)}`);
  return (performance.now() - began) / 1_000;
}
