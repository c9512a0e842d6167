import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { makeSemaphore } from "#shared/async/semaphore.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import { s3Storage } from "#shared/storage/s3/s3-storage.ts";
import { client, temporaryFolder } from "#tests/support/service.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { probe } from "#worker/ffmpeg/probe.ts";
import { plan } from "#worker/plan/decide.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { type Figure, median } from "./figures.ts";
import { bareFfmpeg, footage, seconds } from "./job.ts";
import { startNarrowStore } from "./narrow-store.ts";
import { serveFile, startService } from "./service.ts";

const preset = "bench_ladder";
const presets = join(import.meta.dir, "presets");
const [pairs, clipSeconds, segmentSeconds] = [3, 24, 4];
/** What the AWS CLI uploads at a time unless told otherwise. */
const cliConcurrency = 10;

/** A ladder through the service to S3, against the bare command and then an upload of what it made, in turns. */
export async function ladder(): Promise<Figure[]> {
  const file = await footage({ size: "854x480", seconds: clipSeconds });
  await using folder = await temporaryFolder();
  await using source = await serveFile(file);
  await using store = startNarrowStore();
  await using service = await startService({ ...store.env, PRESETS_DIR: presets });
  const api = client(service.url);
  const rounds: { bare: number; upload: number; served: number }[] = [];

  for (let round = 0; round < pairs; round += 1) {
    const dir = join(folder.path, `bare-${round}`);
    await mkdir(dir);
    const args = await argsFor(file, dir);
    const bare = await seconds(() => bareFfmpeg(args));
    const upload = await seconds(() => uploadAll(store, dir, `bare/${round}/`));
    rounds.push({ bare, upload, served: await seconds(() => serve(api, source.url, `served/${round}/`, "atomic")) });
  }

  return [
    {
      name: `ladder of ${clipSeconds} s to S3, POST to completed`,
      value: median(rounds.map(({ served }) => served)),
      unit: "s",
      yardstick: {
        name: `ffmpeg, then an upload of ${median(rounds.map(({ upload }) => upload)).toFixed(1)} s`,
        value: median(rounds.map(({ bare, upload }) => bare + upload)),
      },
      ratio: median(rounds.map(({ bare, upload, served }) => served / (bare + upload))),
      target: { most: 0.97, of: "ratio" },
    },
  ];
}

/** How soon a reader of a growing ladder finds its first segment, in encodes of a segment; the store is near. */
export async function firstSegment(): Promise<Figure[]> {
  const file = await footage({ size: "854x480", seconds: clipSeconds });
  await using folder = await temporaryFolder();
  await using source = await serveFile(file);
  await using store = startNarrowStore(100_000);
  await using service = await startService({ ...store.env, PRESETS_DIR: presets });
  const api = client(service.url);
  const args = await argsFor(file, folder.path);
  const rounds: { encode: number; first: number }[] = [];
  for (let round = 0; round < pairs; round += 1) {
    const encode = await seconds(() => bareFfmpeg(args));
    const began = performance.now();
    const shown = store.whenPut(new RegExp(`^growing/${round}/stream_0\\.m3u8$`));
    const growing = serve(api, source.url, `growing/${round}/`, "progressive");
    rounds.push({ encode, first: ((await shown) - began) / 1_000 });
    await growing;
  }
  const segment = (encode: number) => (encode * segmentSeconds) / clipSeconds;
  return [
    {
      name: "POST to the first segment and its playlist readable",
      value: median(rounds.map(({ first }) => first)),
      unit: "s",
      yardstick: { name: "encode of a segment", value: median(rounds.map(({ encode }) => segment(encode))) },
      ratio: median(rounds.map(({ encode, first }) => first / segment(encode))),
      target: { most: 1.5, of: "ratio" },
    },
  ];
}

async function serve(api: ReturnType<typeof client>, input_url: string, path: string, publish: string) {
  const { body } = await api.post({ input_url, preset, output: { storage: "s3", path, publish } });
  await api.until(body["job_id"], ({ status }) => status === "completed");
}

async function argsFor(input: string, outputDir: string) {
  const probed = await probe(input, { signal: AbortSignal.timeout(30_000) });
  return plan(
    presetNamed(await loadPresets(presets), preset),
    probed,
    { input, outputDir, stem: "" },
    await probeCapabilities().capabilities,
  ).args;
}

async function uploadAll({ options }: ReturnType<typeof startNarrowStore>, dir: string, prefix: string) {
  const storage = s3Storage(options);
  const semaphore = makeSemaphore(cliConcurrency);
  const signal = AbortSignal.timeout(120_000);
  await Promise.all(
    (await readdir(dir)).map(async (name) => {
      using _permit = await semaphore.acquire();
      const staged = await storage.stage(join(dir, name), prefix + name, headersFor(name), signal);
      await staged.publish(signal);
    }),
  );
}
