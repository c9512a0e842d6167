import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { freePort, startCommand } from "#tests/support/processes.ts";
import { client, temporaryFolder } from "#tests/support/service.ts";
import { encodeAsWorker } from "#tests/support/split.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { plan } from "#worker/plan/decide.ts";
import type { Encoded } from "#worker/plan/plan.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { ownFolder } from "#worker/work-dir/open-work-dir.ts";
import { type Figure, median, spreadOf } from "./figures.ts";
import { footage } from "./job.ts";
import { metered } from "./metered.ts";
import { binary, serveFile, startControlplane, workerSettings } from "./service.ts";

const pairs = 3;
const [preset, pieceSeconds] = ["hls_720p", 60];
const signal = new AbortController().signal;

/** What pieces cost, and what they save: a film by a usual preset against one encode of it. `--big` takes 10 minutes of 720p. */
export async function pieces({ big }: { big: boolean }): Promise<Figure[]> {
  const size = big ? "1280x720" : "426x240";
  const minutes = big ? 10 : 5;
  const file = await footage({ size, seconds: minutes * 60 });
  const name = `${minutes} minutes of ${size} by ${preset} in pieces of ${pieceSeconds} s`;
  const rounds: { split: number; whole: number }[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const whole = await cpuSeconds(file, 0);
    rounds.push({ whole, split: await cpuSeconds(file, pieceSeconds) });
  }
  const ratios = rounds.map(({ split, whole }) => split / whole);
  console.error(`CPU of pieces over one encode: ${ratios.map((ratio) => ratio.toFixed(3)).join(", ")}`);
  const whole = median(rounds.map((round) => round.whole));
  const { resumed, alone, missing } = await secondAttempt(file, minutes);
  return [
    {
      ...{ name: `CPU of ${name}`, value: median(rounds.map(({ split }) => split)), unit: "s" },
      spread: spreadOf(rounds.map(({ split }) => split)),
      yardstick: { name: "one encode", value: whole },
      ratio: median(ratios),
      target: { most: 1.1, of: "ratio" },
    },
    {
      name: `CPU of the second attempt, killed in the last of ${minutes} pieces (${(missing * 100).toFixed(0)} % missing)`,
      ...{ value: resumed, unit: "s" },
      yardstick: { name: "a job that is not cut", value: alone },
      target: { most: Math.round((missing * 1.1 + 0.03) * 1e3) / 1e3, of: "ratio" },
    },
  ];
}

/** What an encode takes of a processor, in pieces of so many seconds; 0 for one encode. */
async function cpuSeconds(input: string, splitSeconds: number): Promise<number> {
  await using folder = await temporaryFolder();
  const outputDir = join(folder.path, "out");
  await mkdir(outputDir);
  const capabilities = await probeCapabilities().capabilities;
  const chosen = presetNamed(await loadPresets(), preset);
  const source = await examine(input, { signal });
  const planWith = (encoded?: Encoded) =>
    plan(chosen, source, { input, outputDir, stem: "film", ...encoded }, capabilities);
  const meter = metered();
  const options = { signal, stallMs: 600_000, spawn: meter.spawn };
  await encodeAsWorker({ planned: planWith(), planWith, source, input }, splitSeconds, options);
  return meter.seconds();
}

/**
 * Kills a worker in the middle of its last piece, and starts it again: what its second attempt takes of a processor, and what a
 * job takes that is not cut.
 */
async function secondAttempt(file: string, total: number) {
  await using stack = new AsyncDisposableStack();
  const home = stack.use(await temporaryFolder()).path;
  const source = stack.use(await serveFile(file));
  const settings = workerSettings(home, await freePort());
  const start = async (more: Readonly<Record<string, string>>) =>
    startCommand([await binary("worker")], { ...settings, ...more }, "worker is ready");
  const controlplane = stack.use(await startControlplane([`127.0.0.1:${settings.GRPC_PORT}`]));
  const api = client(controlplane.url);
  const submit = async () => String((await api.post({ input_url: source.url, preset })).body["job_id"]);
  const cpuOf = async (id: string) =>
    (await api.until(id, ({ status }) => status === "completed")).receipt?.cpu_seconds ?? Number.NaN;
  const plain = await start({});
  const alone = await submit().then(cpuOf);
  await plain[Symbol.asyncDispose]();
  const inPieces = { SPLIT_SECONDS: String(pieceSeconds) };
  const first = stack.use(await start(inPieces));
  const jobId = await submit();
  const [last, middle] = [total - 1, ((total - 0.5) / total) * 95];
  await api.until(jobId, ({ progress = 0 }) => progress >= middle);
  first.kill("SIGKILL");
  await first.exited;
  const folder = join(settings.WORK_DIR, ownFolder, jobId);
  const kept = (await readdir(join(folder, "pieces"))).filter((name) => name.endsWith(".json")).length;
  if (kept !== last) throw new Error(`${kept} of ${total} pieces were kept, and not ${last}`);
  const before = (await Bun.file(join(folder, "usage.json")).json()).cpuSeconds;
  stack.use(await start(inPieces));
  return { resumed: (await cpuOf(jobId)) - before, alone, missing: (total - kept) / total };
}
