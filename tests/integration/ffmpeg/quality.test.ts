import { expect, test } from "bun:test";
import { join } from "node:path";
import type { Metric } from "#shared/job/metric.ts";
import { time } from "#tests/footage/kinds/time.ts";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { footage } from "#tests/support/footage.ts";
import { rejection } from "#tests/support/outcome.ts";
import { measurable, scoreByHand } from "#tests/support/quality.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { run } from "#worker/ffmpeg/run.ts";
import { runPlan } from "#worker/ffmpeg/run-plan.ts";
import { plan } from "#worker/plan/decide.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { measureQuality } from "#worker/quality/measure-quality.ts";
import { scoreFrames } from "#worker/quality/score-frames.ts";
import { makeDir, signal, tiny } from "./work.ts";

const ffmpeg = await probeCapabilities().capabilities;
const metrics = await measurable();

/** Encodes a source; what measures the output is the answer. */
async function encoded(input: string, preset: Preset = tiny) {
  const dir = await makeDir();
  const planned = plan(preset, await examine(input, { signal }), { input, outputDir: dir, stem: "clip" }, ffmpeg);
  const report = await runPlan(planned, { signal, stallMs: 60_000 });
  const options = { report, signal, stallMs: 60_000, spawn: run };
  const measure = (metric: Metric, onProgress: (percent: number) => unknown = () => {}) =>
    measureQuality(planned, { ...options, metric, onProgress });
  return { dir, measure };
}

const sources = {
  "an upright film": { options: {}, filters: "scale=128:72" },
  "a film that is turned": { options: { rotated: 90 }, filters: "scale=72:128" },
  "interlaced pictures": { options: { interlaced: true }, filters: "bwdif=mode=send_frame,scale=120:72" },
  "a rate that varies": { options: { variableRate: true, container: "mkv" }, filters: "scale=128:72,fps=24" },
  "odd sides": { options: { size: "161x91", codec: "mpeg4" }, filters: "scale=126:72" },
  "pixels that are not square": { options: { sampleAspect: "4/3" }, filters: "scale=170:72" },
} as const;

for (const [name, { options, filters }] of Object.entries(sources)) {
  test(`${name} gets the score that ffmpeg prints for it`, async () => {
    const source = await clip({ seconds: 2, channels: 0, ...options });
    const { dir, measure } = await encoded(source);
    for (const metric of metrics) {
      const [quality, ...others] = await measure(metric);
      expect(others).toEqual([]);
      expect(quality?.path).toBe("output.mp4");
      expect(quality?.mean).toBeCloseTo(await scoreByHand(metric, join(dir, "output.mp4"), source, filters), 2);
    }
  });
}

test("HDR that is kept is scored in its own ten bits", async () => {
  const source = await clip({ seconds: 1, channels: 0, hdr: "pq" });
  const preset: Preset = { ...tiny, video: { ...tiny.video, codec: "h265", hdr: "keep" } };
  const { dir, measure } = await encoded(source, preset);
  for (const metric of metrics) {
    const [quality] = await measure(metric);
    const byHand = await scoreByHand(metric, join(dir, "output.mp4"), source, "scale=128:72,format=yuv420p10le");
    expect(quality?.mean).toBeCloseTo(byHand, 2);
  }
});

/** Two rungs of a source that is 160x90. */
const ladder = (of: object = {}) =>
  ({
    ...{ name: "ladder", description: "For tests", output_type: "hls", extension: "" },
    video: {
      ...tiny.video,
      gop_seconds: 1,
      renditions: [tiny.video.renditions[0], { ...tiny.video.renditions[0], size: 48 }],
    },
    audio: tiny.audio,
    segments: { seconds: 1, format: "mpegts" },
    ...of,
  }) as Preset;

const ladders = {
  "HLS in MPEG-TS": { preset: ladder(), paths: ["stream_0.m3u8", "stream_1.m3u8"] },
  "HLS in fragmented MP4": {
    preset: ladder({ segments: { seconds: 1, format: "fmp4" } }),
    paths: ["stream_0.m3u8", "stream_1.m3u8"],
  },
  CMAF: {
    preset: ladder({ output_type: "cmaf", segments: { seconds: 1, format: "fmp4" } }),
    paths: ["media_0.m3u8", "media_1.m3u8"],
  },
};

for (const [name, { preset, paths }] of Object.entries(ladders)) {
  test(`each rendition of ${name} gets the score that ffmpeg prints for it`, async () => {
    const source = await clip({ seconds: 3 });
    const { dir, measure } = await encoded(source, preset);
    for (const metric of metrics) {
      const percents: number[] = [];
      const qualities = await measure(metric, (percent) => percents.push(percent));
      expect(percents).toEqual(percents.toSorted((a, b) => a - b));
      expect(percents.at(-1)).toBe(100);
      expect(qualities.map(({ path }) => path)).toEqual(paths);
      for (const [at, size] of ["128:72", "84:48"].entries()) {
        const expected = await scoreByHand(metric, join(dir, paths[at] ?? ""), source, `scale=${size}`);
        expect(qualities[at]?.mean).toBeCloseTo(expected, 2);
      }
    }
  });
}

test("pictures are paired by their number where the container rounds their times", async () => {
  const source = await clip({ seconds: 2, channels: 0 });
  const webm = { ...tiny, extension: "webm", video: { ...tiny.video, codec: "vp9" }, audio: undefined } as const;
  const { dir, measure } = await encoded(source, webm as unknown as Preset);
  const exact = join(dir, "exact.mp4");
  // Pictures that are numbered again have the times of the source.
  await runFfmpeg(["-i", join(dir, "output.webm"), "-vf", "setpts=N/24/TB", "-c:v", "libx264", "-qp", "0", exact]);
  const [quality] = await measure("ssim");
  expect(quality?.mean).toBeCloseTo(await scoreByHand("ssim", exact, source, "scale=128:72"), 3);
});

// Their pictures come at other times when their sound is not read.
test.each(["AC-3 and the picture first", "passes its end after 26.5 hours"])(
  "a source is compared with what was encoded of it, whatever its clock does: %s",
  async (words) => {
    const kind = time.find(({ kind }) => kind.includes(words));
    if (!kind) throw new Error("there is no such source");
    const { measure } = await encoded(await footage(kind.make, kind.container, kind.kind));
    const [quality] = await measure("ssim");
    expect(quality?.p1).toBeGreaterThan(0.95);
  },
);

test("an output that lacks its end gets no score", async () => {
  const { dir, measure } = await encoded(await clip({ seconds: 3 }), ladder());
  const playlist = Bun.file(join(dir, "stream_1.m3u8"));
  await playlist.write((await playlist.text()).replace(/#EXTINF.*\nsegment_1_002.ts\n/, ""));
  for (const metric of metrics)
    expect(await rejection(measure(metric))).toMatchObject({
      kind: "encode_failed",
      message: "the quality of stream_1.m3u8 cannot be measured: it shows 48 of 72 pictures",
    });
});

test("a film that takes more than one opening is scored as a whole", async () => {
  const { dir } = await encoded(await clip({ seconds: 3 }), ladder());
  const segment = (at: number) => ["-f", "mpegts", "-i", `file:segment_0_00${at}.ts`];
  const joined = ["-f", "mpegts", "-i", "concat:segment_0_000.ts|segment_0_001.ts|segment_0_002.ts"];
  const pictures = (inputs: string[][]) => ({ inputs, stream: "v:0", filters: [] });
  const scores = (distorted: string[][], frames = 72) =>
    scoreFrames(
      { metric: "ssim", frames, distorted: pictures(distorted), reference: pictures([joined]) },
      { dir, signal, stallMs: 60_000 },
    );
  expect(await scores([segment(0), segment(1), segment(2)])).toEqual(Array(72).fill(1));
  expect(await rejection(scores([segment(0), segment(1)]))).toMatchObject({ message: "it shows 48 of 72 pictures" });
});

test("an ffmpeg that ends well and writes no scores is a fault, whatever scores an earlier one has left", async () => {
  const dir = await makeDir();
  await Bun.write(join(dir, "quality.csv"), "n:1 Y:0.9 U:0.9 V:0.9 All:0.900000 (10.0)\n");
  const pictures = { inputs: [["-i", "any"]], stream: "v:0", filters: ["null"] };
  const compared = { metric: "ssim", distorted: pictures, reference: pictures, frames: 1 } as const;
  const scored = scoreFrames(compared, { dir, signal, stallMs: 60_000, ffmpeg: ["true"] });
  expect(await rejection(scored)).toMatchObject({ kind: "encode_failed", message: "ffmpeg gives no scores" });
});
