import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "#tests/support/service.ts";
import { encodeAsWorker } from "#tests/support/split.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { plan } from "#worker/plan/decide.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { VideoCodec } from "#worker/presets/fields.ts";
import type { Preset } from "#worker/presets/schema.ts";
import type { Figure } from "./figures.ts";
import { film } from "./quality-films.ts";

const [rate, pieceSeconds, nearSeconds] = [24, 24, 2];
const signal = new AbortController().signal;
const options = { signal, stallMs: 600_000 };
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Two films as unlike as those of `quality`, and encoders that remember what they have made before. */
const cases = ["grain", "sport"].flatMap((name) => [
  ...(["h264", "h265", "vp9"] as const).map((codec) => ({ name, codec, maxrate: 8_000 })),
  { name, codec: "h264" as const, maxrate: name === "grain" ? 120 : 400 },
]);

/** What pieces cost in quality where they meet, and over all: pictures against the source's, and those of one encode. */
export async function piecesQuality(): Promise<Figure[]> {
  const found: Figure[] = [];
  for (const one of cases) found.push(...(await lost(one)));
  return found;
}

type Case = { name: string; codec: VideoCodec; maxrate: number };

async function lost({ name, codec, maxrate }: Case): Promise<Figure[]> {
  const input = await film(name);
  const preset = presetOf(codec, maxrate);
  const [whole, split] = [await psnr(input, preset, 0), await psnr(input, preset, pieceSeconds)];
  const borders = Array.from({ length: Math.round(whole.length / rate / pieceSeconds) - 1 }, (_, at) => {
    const border = (at + 1) * pieceSeconds * rate;
    const near = (values: readonly number[]) =>
      mean(values.slice(border - nearSeconds * rate, border + nearSeconds * rate));
    return near(whole) - near(split);
  });
  const isFull = maxrate < 1_000;
  const words = `${name}, ${codec}${isFull ? ", the decoder's buffer full" : ""}, pieces of ${pieceSeconds} s`;
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

/** The PSNR of each picture of an output, in pieces of so many seconds; 0 for one encode. */
async function psnr(input: string, preset: Preset, splitSeconds: number): Promise<number[]> {
  await using folder = await temporaryFolder();
  const outputDir = join(folder.path, "out");
  await mkdir(outputDir);
  const capabilities = await probeCapabilities().capabilities;
  const source = await examine(input, { signal });
  const planWith = (encoded?: readonly string[]): Plan =>
    plan(preset, source, { input, outputDir, stem: "film", ...(encoded && { encoded }) }, capabilities);
  const report = await encodeAsWorker({ planned: planWith(), planWith, source, input }, splitSeconds, options);
  if (splitSeconds > 0 && !report.pieces) throw new Error(`${input} was not encoded in pieces`);
  const same = `settb=1/${rate},setpts=N`;
  const graph = `[0:v]${same}[made];[1:v]${same}[given];[made][given]psnr=stats_file=psnr.log`;
  const playlist = join(outputDir, (await readdir(outputDir)).find((name) => name.endsWith(".m3u8")) ?? "");
  const args = ["-v", "error", "-i", playlist, "-i", input, "-lavfi", graph, "-f", "null", "-"];
  const { exited } = Bun.spawn(["ffmpeg", ...args], { cwd: folder.path, stdio: ["ignore", "ignore", "inherit"] });
  if ((await exited) !== 0) throw new Error("the pictures cannot be compared");
  const lines = (await Bun.file(join(folder.path, "psnr.log")).text()).trim().split("\n");
  return lines.map((line) => Math.min(60, Number(/psnr_y:(\S+)/.exec(line)?.[1]?.replace("inf", "60"))));
}
