import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { client, temporaryFolder } from "#tests/support/service.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { probe } from "#worker/ffmpeg/probe.ts";
import { plan } from "#worker/plan/decide.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { awsCli, awsCopySeconds } from "./aws-cli.ts";
import { type Figure, median } from "./figures.ts";
import { bareFfmpeg, footage, seconds } from "./job.ts";
import { startNarrowStore } from "./narrow-store.ts";
import { serveFile, startService } from "./service.ts";

const preset = "bench_ladder";
const presets = join(import.meta.dir, "presets");
const [pairs, clipSeconds, segmentSeconds] = [3, 24, 4];

/** Stores at the end of a line of 2 MB/s, and of one that holds nobody up. */
const lines = { "a line of 2 MB/s": 2_000, "a wide line": 1_000_000 };

/** A ladder through the service to S3, against the bare command and then the AWS CLI with what it made, in turns. */
export async function ladder(): Promise<Figure[]> {
  await awsCli();
  const figures: Figure[] = [];
  for (const [name, bytesPerMs] of Object.entries(lines)) figures.push(...(await throughLine(name, bytesPerMs)));
  return figures;
}

async function throughLine(line: string, bytesPerMs: number): Promise<Figure[]> {
  const file = await footage({ size: "854x480", seconds: clipSeconds });
  await using folder = await temporaryFolder();
  await using source = await serveFile(file);
  await using store = startNarrowStore(bytesPerMs);
  await using service = await startService({ ...store.env, PRESETS_DIR: presets });
  const api = client(service.url);
  const rounds: { bare: number; upload: number; served: number }[] = [];

  for (let round = 0; round < pairs; round += 1) {
    const dir = join(folder.path, `bare-${round}`);
    await mkdir(dir);
    const args = await argsFor(file, dir);
    const bare = await seconds(() => bareFfmpeg(args));
    const upload = await awsCopySeconds(dir, `s3://${store.env.S3_BUCKET}/bare/${round}/`, store.env);
    rounds.push({ bare, upload, served: await seconds(() => serve(api, source.url, `served/${round}/`, "atomic")) });
  }

  const figure = (named: string, of: (round: (typeof rounds)[number]) => number, most: number): Figure => ({
    name: `ladder of ${clipSeconds} s to S3 by ${line}, POST to completed`,
    ...{ value: median(rounds.map(({ served }) => served)), unit: "s" },
    yardstick: { name: named, value: median(rounds.map(of)) },
    ratio: median(rounds.map((round) => round.served / of(round))),
    target: { most, of: "ratio" },
  });
  const uploads = median(rounds.map(({ upload }) => upload)).toFixed(1);
  return [
    figure(`ffmpeg, then aws s3 cp of ${uploads} s`, ({ bare, upload }) => bare + upload, 0.97),
    figure("the slower of the two alone", ({ bare, upload }) => Math.max(bare, upload), 1.08),
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
