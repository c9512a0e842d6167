import { expect, test } from "bun:test";
import { source } from "#tests/support/plan-sources.ts";
import { anyCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { plan } from "#worker/plan/decide.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";

const presets = await loadPresets();
const settingsOf = (name: string, rate: number, durationSeconds = 10) => {
  const preset = presetNamed(presets, name);
  const probe = source({ nominalRate: rate, averageRate: rate }, { durationSeconds });
  const { args } = plan(preset, probe, { input: "/in", outputDir: "/out", stem: "clip" }, anyCapabilities);
  return (option: string) => (args.includes(option) ? args[args.indexOf(option) + 1] : undefined);
};

test.each(["hls_720p_abr_fmp4", "dash_720p", "cmaf_1080p_abr"])("%s needs no edit list to be in step", (name) => {
  const setting = settingsOf(name, 25);
  expect(setting("-filter:a:0")).toContain(":first_pts=0,apad=whole_dur=10.000000");
  expect(setting("-bsf:a:0")).toBe("noise=drop=lt(pts\\,0)");
  expect(setting("-hls_segment_options") ?? setting("-format_options")).toStartWith("movflags=+negative_cts_offsets");
});

test.each([
  [12, 1_024 - 8_000],
  [25, 1_024 - 3_840],
  [60, 1_024 - 1_600],
])("at %i a second sound in MPEG-TS begins where the decoding of the picture does", (rate, sample) => {
  const setting = settingsOf("hls_720p", rate);
  expect(setting("-filter:a:0")).toContain(`:first_pts=${sample},apad=whole_dur=${(10 - sample / 48_000).toFixed(6)}`);
  expect(setting("-bsf:a:0")).toBeUndefined();
});

test.each([
  [1, 0],
  [2, 0],
  [3, 1_024 - 3_840],
])("sound of %i pictures in MPEG-TS begins where their decoding does: encoders delay no two", (frames, sample) => {
  expect(settingsOf("hls_720p", 25, frames / 25)("-filter:a:0")).toContain(`:first_pts=${sample},`);
});

test.each([
  ["h264", 0],
  ["h265", 1_024 - 3_840],
] as const)(
  "%s at the highest speed in MPEG-TS: sound begins where the decoding of the picture does",
  (codec, sample) => {
    const preset = presetNamed(presets, "hls_720p");
    if (!("segments" in preset)) throw new Error("not segmented");
    const fast = { ...preset, video: { ...preset.video, codec, speed: "ultrafast" as const } };
    const probe = source({ nominalRate: 25, averageRate: 25 });
    const { args } = plan(fast, probe, { input: "/in", outputDir: "/out", stem: "clip" }, anyCapabilities);
    expect(args[args.indexOf("-filter:a:0") + 1]).toContain(`:first_pts=${sample},`);
  },
);
