import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "#tests/support/service.ts";
import { encodeAsWorker } from "#tests/support/split.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { plan } from "#worker/plan/decide.ts";
import { piecesOf } from "#worker/plan/pieces.ts";
import type { Encoded, Plan } from "#worker/plan/plan.ts";
import type { VideoCodec } from "#worker/presets/fields.ts";
import type { Preset } from "#worker/presets/schema.ts";
import type { Figure } from "./figures.ts";
import { film, filmSeconds } from "./quality-films.ts";

const [rate, pieceSeconds, nearSeconds] = [24, 24, 2];
const signal = new AbortController().signal;
const options = { signal, stallMs: 600_000 };
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Two films as unlike as those of `quality`, and encoders that remember what they have made before. */
const cases = ["grain", "sport"].flatMap((name): Case[] => {
  const full = { name, codec: "h264", maxrate: name === "grain" ? 120 : 400 } as const;
  return [
    ...(["h264", "h265", "vp9"] as const).map((codec) => ({ name, codec, maxrate: 8_000 })),
    full,
    // Whose keyframes the encoder chooses.
    { ...full, isSingle: true },
  ];
});

/** What pieces cost in quality where they meet, and over all: pictures against the source's, and those of one encode. */
export async function piecesQuality(): Promise<Figure[]> {
  const found: Figure[] = [];
  for (const one of cases) found.push(...(await lost(one)));
  return found;
}

type Case = { name: string; codec: VideoCodec; maxrate: number; isSingle?: boolean };

async function lost({ name, codec, maxrate, isSingle = false }: Case): Promise<Figure[]> {
  const input = await film(name);
  const preset = isSingle ? singleOf(codec, maxrate) : presetOf(codec, maxrate);
  const { values: whole } = await psnr(input, preset, 0);
  const { values: split, pieces } = await psnr(input, preset, pieceSeconds);
  const borders = pieces.slice(1).map(({ from: border }) => {
    const near = (values: readonly number[]) =>
      mean(values.slice(border - nearSeconds * rate, border + nearSeconds * rate));
    return near(whole) - near(split);
  });
  const isFull = maxrate < 1_000;
  const words = `${name}, ${codec}${isSingle ? " in a single file" : ""}${isFull ? ", the decoder's buffer full" : ""}, pieces of ${pieceSeconds} s`;
  return [
    {
      ...{
        name: `PSNR lost within ${nearSeconds} s of a border at most: ${words}`,
        value: Math.max(...borders),
        unit: "dB",
      },
      target: { most: isFull ? 0.3 : 0.15, of: "value" },
    },
    {
      ...{ name: `PSNR lost over all: ${words}`, value: mean(whole) - mean(split), unit: "dB" },
      target: { most: 0.03, of: "value" },
    },
  ];
}

const presetOf = (codec: VideoCodec, maxrate: number): Preset => ({
  ...{ name: "bench_pieces", description: "Pictures alone", output_type: "cmaf", extension: "" },
  video: {
    ...{ codec, speed: "medium", gop_seconds: 2 },
    renditions: [{ size: 270, crf: codec === "vp9" ? 33 : 25, maxrate: `${maxrate}k`, bufsize: `${2 * maxrate}k` }],
  },
  segments: { seconds: 4, format: "fmp4" },
});

const singleOf = (codec: VideoCodec, maxrate: number): Preset => ({
  ...{ name: "bench_pieces", description: "A file of pictures", output_type: "single", extension: "mp4" },
  video: {
    ...{ codec, speed: "medium", gop_seconds: 2 },
    renditions: [{ size: 270, crf: 25, maxrate: `${maxrate}k`, bufsize: `${2 * maxrate}k` }],
  },
});

/** The PSNR of each picture of an output, in pieces of about so many seconds, and which; 0 for one encode. */
async function psnr(input: string, preset: Preset, splitSeconds: number) {
  await using folder = await temporaryFolder();
  const outputDir = join(folder.path, "out");
  await mkdir(outputDir);
  const capabilities = await probeCapabilities().capabilities;
  const source = await examine(input, { signal });
  const planWith = (encoded?: Encoded): Plan =>
    plan(preset, source, { input, outputDir, stem: "film", ...encoded }, capabilities);
  const planned = planWith();
  const report = await encodeAsWorker({ planned, planWith, source, input }, splitSeconds, options);
  if (splitSeconds > 0 && !report.pieces) throw new Error(`${input} was not encoded in pieces`);
  const same = `settb=1/${rate},setpts=N`;
  const graph = `[0:v]${same}[made];[1:v]${same}[given];[made][given]psnr=stats_file=psnr.log`;
  const entry = join(outputDir, planned.entries.find((name) => !name.endsWith(".mpd")) ?? planned.entry);
  const args = ["-v", "error", "-i", entry, "-i", input, "-lavfi", graph, "-f", "null", "-"];
  const { exited } = Bun.spawn(["ffmpeg", ...args], { cwd: folder.path, stdio: ["ignore", "ignore", "inherit"] });
  if ((await exited) !== 0) throw new Error("the pictures cannot be compared");
  const lines = (await Bun.file(join(folder.path, "psnr.log")).text()).trim().split("\n");
  const values = lines.map((line) => Math.min(60, Number(/psnr_y:(\S+)/.exec(line)?.[1]?.replace("inf", "60"))));
  return { values, pieces: piecesOf(planned, source, splitSeconds > 0 ? splitSeconds : filmSeconds) };
}
