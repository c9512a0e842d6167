import { expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { makeFolder } from "#tests/support/made-folders.ts";
import { measurable, testWithVmaf } from "#tests/support/quality.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { run } from "#worker/ffmpeg/run.ts";
import { runPlan } from "#worker/ffmpeg/run-plan.ts";
import { plan } from "#worker/plan/decide.ts";
import type { Rendition } from "#worker/presets/fields.ts";
import type { Preset, SegmentedPreset } from "#worker/presets/schema.ts";
import { aim } from "#worker/quality/aim.ts";
import { measureQuality } from "#worker/quality/measure-quality.ts";
import { takeSample } from "#worker/quality/sample.ts";
import { samplePieces } from "#worker/quality/sample-moments.ts";
import { signal, tiny } from "./work.ts";

const capabilities = await probeCapabilities().capabilities;
const options = { signal, stallMs: 60_000, spawn: run };

/** As large as the sources here, so that no picture is changed. */
const whole = (crf = 40) => ({
  ...tiny,
  video: { ...tiny.video, renditions: [{ ...tiny.video.renditions[0], size: 90, crf }] satisfies [Rendition] },
});

const [seconds, rate] = [40, 12];
const film = (container: "mp4" | "ts" | "avi") =>
  clip({ seconds, rate, container, channels: 0, ...(container === "avi" && { codec: "mpeg4" }) });

/** A hash of each picture that ffmpeg decodes. */
async function hashes(...args: readonly string[]): Promise<string[]> {
  const ffmpeg = Bun.spawn(["ffmpeg", "-v", "error", ...args, "-pix_fmt", "yuv420p", "-f", "framemd5", "-"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = (await ffmpeg.stdout.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => line.split(",").at(-1)?.trim() ?? "");
}

async function sampleOf(input: string, preset: Preset = whole()) {
  const dir = await makeFolder("flux-sample-");
  const source = await examine(input, { signal });
  const place = { input, outputDir: dir, stem: "sample" };
  const sample = await takeSample(source, {
    ...{ ...options, input, dir, onPiece() {} },
    referenceOf(probe) {
      const { reference } = plan(preset, probe, place, capabilities);
      if (!reference) throw new Error("nothing is given to the encoder");
      return reference;
    },
  });
  if (!sample) throw new Error("there is no sample");
  return { sample, dir };
}

// MPEG-TS is found by guess and AVI is not searched at all: what is taken is the same, or a little later.
for (const container of ["mp4", "avi"] as const) {
  test(`a sample of ${container} has the source's own pictures, from its beginning to its end`, async () => {
    const input = await film(container);
    const { sample } = await sampleOf(input);
    const pieces = samplePieces(seconds);
    const all = await hashes("-i", input);
    const wanted = pieces.flatMap(({ start }) => all.slice(Math.round(start * rate)).slice(0, 2 * rate));
    expect(await hashes("-f", "concat", "-i", sample.path)).toEqual(wanted);
    expect(sample.probe.video?.frames).toBe(pieces.length * 2 * rate);
    expect(sample.probe.durationSeconds).toBe(pieces.length * 2);
  });
}

test("a sample of a transport stream has as many pictures, all of the source", async () => {
  const input = await film("ts");
  const { sample } = await sampleOf(input);
  const all = new Set(await hashes("-i", input));
  const taken = await hashes("-f", "concat", "-i", sample.path);
  expect(taken).toHaveLength(samplePieces(seconds).length * 2 * rate);
  expect(taken.every((hash) => all.has(hash))).toBe(true);
});

test("a film that is short is its own sample", async () => {
  const input = await clip({ seconds: 3, rate, channels: 0 });
  const { sample } = await sampleOf(input);
  expect(await hashes("-f", "concat", "-i", sample.path)).toEqual(await hashes("-i", input));
});

const deep = { ...whole(), video: { ...whole().video, codec: "h265", hdr: "keep" } } as const;

test("a sample of a film that stays HDR has its ten bits", async () => {
  const input = await clip({ seconds: 3, rate, channels: 0, hdr: "pq" });
  const { sample } = await sampleOf(input, deep);
  const tenBits = ["-pix_fmt", "yuv420p10le", "-f", "framemd5"];
  const same = async (...args: string[]) => (await Bun.$`ffmpeg -v error ${args} ${tenBits} -`.text()).split("\n");
  const pictures = (lines: string[]) => lines.flatMap((line) => (line.startsWith("0,") ? line.split(",").at(-1) : []));
  const taken = pictures(await same("-f", "concat", "-i", sample.path));
  expect(taken).toEqual(pictures(await same("-i", input)));
  expect(taken).toHaveLength(3 * rate);
  expect(sample.probe.video).toMatchObject({ transfer: "smpte2084", pixelFormat: "yuv420p10le" });
});

test("a piece that cannot be decoded is left out of a sample", async () => {
  const input = join(await makeFolder("flux-damaged-"), "damaged.mp4");
  const graph = `testsrc2=size=160x90:rate=${rate}:duration=${seconds}`;
  const quick = ["-preset", "ultrafast", "-g", "6", "-movflags", "+faststart"];
  await runFfmpeg(["-f", "lavfi", "-i", graph, "-pix_fmt", "yuv420p", "-c:v", "libx264", ...quick, input]);
  const bytes = await Bun.file(input).bytes();
  // About a fifth of the film, from its middle on; its index comes first.
  bytes.fill(0xff, Math.floor(bytes.length / 2), Math.floor(bytes.length * 0.7));
  await Bun.write(input, bytes);
  const { sample } = await sampleOf(input);
  const pieces = (sample.probe.video?.frames ?? 0) / (2 * rate);
  expect(pieces).toBeGreaterThan(samplePieces(seconds).length / 2);
  expect(pieces).toBeLessThan(samplePieces(seconds).length);
});

const rendition = { size: 90, crf: 30, maxrate: "2000k", bufsize: "4000k" };
const ladder: SegmentedPreset = {
  ...{ name: "ladder", description: "For tests", output_type: "hls", extension: "" },
  video: {
    codec: "h264",
    speed: "ultrafast",
    gop_seconds: 2,
    renditions: [rendition, { ...rendition, size: 60, crf: 28 }],
  },
  segments: { seconds: 2, format: "mpegts" },
  ladder: "adaptive",
};

async function aimed(input: string, preset: Parameters<typeof aim>[0], target?: number) {
  const dir = await makeFolder("flux-aim-");
  const source = await examine(input, { signal });
  const steps: string[] = [];
  const onStep = (message: string) => steps.push(message);
  const wanted = { target, isAdaptive: "ladder" in preset && preset.ladder === "adaptive" };
  const found = await aim(preset, source, wanted, { ...options, input, dir, capabilities, onStep });
  return { ...found, source, steps, dir };
}

test("the newer ffmpeg that these tests run on as well has libvmaf", async () => {
  const [, major] = /^ffmpeg version n?(\d+)/.exec(await Bun.$`ffmpeg -version`.text()) ?? [];
  expect(Number(major) < 9 || (await measurable()).includes("vmaf")).toBe(true);
});

testWithVmaf("a quality is found for a film that stays HDR", async () => {
  const input = await clip({ seconds: 3, rate, channels: 0, hdr: "pq" });
  const { preset, found } = await aimed(input, deep, 90);
  expect(found?.vmaf).toBeGreaterThan(50);
  expect(preset.video.renditions[0].crf).toBe(found?.crf ?? 0);
});

testWithVmaf("an encode with the CRF that is found has the quality that is aimed at", async () => {
  const input = await film("mp4");
  for (const target of [88, 94]) {
    const { preset, found, reason, steps, source, dir } = await aimed(input, ladder, target);
    expect(found).toMatchObject({ isReached: true });
    const [best, ...others] = preset.video.renditions;
    expect(reason).toContain(`CRF ${best.crf} is taken`);
    expect(steps).toContain("Choosing the renditions");
    // What is below keeps its distance.
    for (const { crf } of others) expect(crf - best.crf).toBeCloseTo(-2, 3);

    const place = { input, outputDir: join(dir, "whole"), stem: "film" };
    await Bun.$`mkdir ${place.outputDir}`;
    const planned = plan(preset, source, place, capabilities);
    const report = await runPlan(planned, options);
    const measured = await measureQuality(planned, { ...options, metric: "vmaf", report, onProgress() {} });
    expect(Math.abs((measured[0]?.mean ?? 0) - target)).toBeLessThan(1);
  }
});

testWithVmaf("a target that no CRF within 6 of the preset's gives is not reached, and it is said why", async () => {
  const input = await film("mp4");
  const { preset, found, reason } = await aimed(input, whole(45), 97);
  expect(found).toMatchObject({ isReached: false });
  expect(preset.video.renditions[0].crf).toBeGreaterThanOrEqual(39);
  expect(reason).toMatch(/lowest that may be taken|maximum bit rate/);
});

testWithVmaf("a rendition that gains nothing over the one below is left out, and its files with it", async () => {
  // Blurred so that a smaller picture holds all that there is.
  const input = join(await makeFolder("flux-blurred-"), "blurred.mp4");
  const graph = `testsrc2=size=160x90:rate=${rate}:duration=4,gblur=sigma=6,format=yuv420p`;
  await runFfmpeg(["-f", "lavfi", "-i", graph, "-c:v", "libx264", "-crf", "5", input]);
  const { preset, reason, source, dir } = await aimed(input, ladder);
  expect(preset.video.renditions.map(({ size }) => size)).toEqual([60]);
  expect(reason).toContain("90p is left out");
  const outputDir = join(dir, "whole");
  await Bun.$`mkdir ${outputDir}`;
  const planned = plan(preset, source, { input, outputDir, stem: "film" }, capabilities);
  expect(planned.entry).toBe("master.m3u8");
  await runPlan(planned, options);
  const names = await readdir(outputDir);
  expect(names.filter((name) => /^stream_\d+\.m3u8$/.test(name))).toEqual(["stream_0.m3u8"]);
  expect((await Bun.file(join(outputDir, "master.m3u8")).text()).match(/RESOLUTION=\d+x\d+/g)).toEqual([
    "RESOLUTION=106x60",
  ]);
});
