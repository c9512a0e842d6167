import { expect, test } from "bun:test";
import { source } from "#tests/support/plan-sources.ts";
import { anyCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { purposeOf } from "#worker/ffmpeg/disposition.ts";
import { inputAllowlist } from "#worker/ffmpeg/input-allowlist.ts";
import { plan } from "#worker/plan/decide.ts";
import { presetFor } from "#worker/presets/for-order.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import type { Preset } from "#worker/presets/schema.ts";

const presets = await loadPresets();
const place = { input: "/jobs/source", outputDir: "/jobs/out", stem: "video_123" };
const planned = (probe = source(), name = "720p_h264") =>
  plan(presetNamed(presets, name), probe, place, anyCapabilities);
const settingOf = (args: readonly string[], option: string) => args[args.indexOf(option) + 1];

test("reads its input behind the guard, and writes one file in the output folder", () => {
  const { args, entry, outputType, files } = planned();
  expect(args.join(" ")).toContain(`${inputAllowlist.join(" ")} -i /jobs/source `);
  expect(args.at(-1)).toBe("/jobs/out/output.mp4");
  expect({ entry, outputType }).toEqual({ entry: "output.mp4", outputType: "single" });
  expect(files).toEqual([
    {
      name: "output.mp4",
      video: {
        codec: "h264",
        size: 720,
        colour: { matrix: "bt709", primaries: "bt709", transfer: "bt709", range: "tv" },
        isToneMapped: false,
        frames: 240,
        seconds: 10,
      },
      audio: { codec: "aac", channels: 2, seconds: 10 },
      seconds: 10,
    },
  ]);
});

test("caps quality by the preset's ceiling", () => {
  const { args } = planned();
  expect(args.join(" ")).toContain("-crf:v 23 -b:v 3000k -maxrate:v 3000k -bufsize:v 6000k");
});

test("an average bit rate leaves no quality to the encoder, and of AV1 no maximum", () => {
  for (const name of ["720p_h264", "720p_h265", "720p_vp9", "1080p_av1"]) {
    const preset = presetFor({ params: { bitrate: "1000k" } }, presetNamed(presets, name));
    const { args, reference } = plan(preset, source(), place, anyCapabilities);
    expect(args[args.indexOf("-b:v") + 1]).toBe("1000k");
    expect(args.filter((arg) => /^-crf|mbr=/.test(arg))).toEqual([]);
    expect(args.includes("-maxrate:v")).toBe(name !== "1080p_av1");
    expect(reference?.renditions[0]).not.toHaveProperty("crf");
  }
});

test("names H.265 so that Apple players open it", () => {
  const { args, files } = planned(source(), "1080p_h265");
  expect(settingOf(args, "-tag:v")).toBe("hvc1");
  expect(files[0]?.video?.codec).toBe("hevc");
});

test("takes the streams that the probe found, whatever their place", () => {
  const audio = [{ index: 7, codec: "ac3", channels: 6, language: undefined, ...purposeOf({}) }];
  const { args } = planned(source({ index: 3 }, { audio }));
  expect(args.join(" ")).toContain("[0:3]split=1");
  expect(args.filter((_, at) => args[at - 1] === "-map")).toEqual(["[v0]", "0:7"]);
  expect(settingOf(args, "-filter:a:0")).toContain("channel_layouts=stereo,alimiter");
});

test("keeps mono mono", () => {
  const audio = [{ index: 1, codec: "aac", channels: 1, language: undefined, ...purposeOf({}) }];
  expect(settingOf(planned(source({}, { audio })).args, "-filter:a:0")).toContain("channel_layouts=mono,aresample");
});

test("expects no audio where the source has none", () => {
  const { args, files } = planned(source({}, { audio: [] }));
  expect(args).not.toContain("-c:a:0");
  expect(files[0]).not.toHaveProperty("audio");
});

test("refuses a source without video", () => {
  expect(() => planned({ ...source(), video: undefined })).toThrow("no video, and preset 720p_h264 needs one");
});

test.each([
  [{}, 240, "fps@steady=24"],
  [{ averageRate: 120, nominalRate: 120 }, 600, "fps@steady=60"],
  [{ averageRate: 29.97, nominalRate: 1_000 }, 300, "fps@steady=30000/1001"],
  [{ averageRate: 0.1, nominalRate: 0.1 }, 100, "fps@steady=10"],
])("of %j it makes %i frames, by the filter %p", (video, totalFrames, filter) => {
  const { args, ...rest } = planned(source(video));
  expect(rest.totalFrames).toBe(totalFrames);
  expect(/fps@steady=[\d/]+/.exec(settingOf(args, "-filter_complex") ?? "")?.[0]).toBe(filter);
});

test.each([
  ["bwdif", { interlaced: true }],
  ["tonemap", { transfer: "smpte2084" }],
  ["tonemap", { transfer: "arib-std-b67" }],
])("applies %s to %j alone", (filter, video) => {
  expect(settingOf(planned(source(video)).args, "-filter_complex")).toContain(filter);
  expect(settingOf(planned().args, "-filter_complex")).not.toContain(filter);
});

test("ends an output that runs away, but not one of unknown length", () => {
  expect(settingOf(planned().args, "-t")).toBe("15.500");
  const unknown = planned(source({ frames: undefined }, { durationSeconds: undefined }));
  expect(unknown.args).not.toContain("-t");
  expect(unknown).toMatchObject({ durationSeconds: undefined, totalFrames: undefined });
});

const raw = (ffmpeg_args: string[]): Preset => ({
  name: "mine",
  description: "Mine",
  output_type: "single",
  extension: "mkv",
  ffmpeg_args,
});

test("puts raw arguments between input and output", () => {
  const { args, files } = plan(raw(["-c:v", "libx264"]), source(), place, anyCapabilities);
  expect(args.join(" ")).toContain("-i /jobs/source -t 15.500 -c:v libx264 /jobs/out/output.mkv");
  expect(files).toEqual([{ name: "output.mkv", seconds: 10 }]);
});

test.each([[["-t", "5"]], [["-frames:v", "1"]], [["-vf", "scale=2:2,setpts=PTS/2"]], [["-shortest"]]])(
  "does not hold %p to the source's duration",
  (args) => {
    expect(plan(raw(args), source(), place, anyCapabilities).durationSeconds).toBeUndefined();
  },
);
