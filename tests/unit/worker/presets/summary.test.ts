import { expect, test } from "bun:test";
import * as v from "valibot";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { parsePresets } from "#worker/presets/parse.ts";
import { RawPreset } from "#worker/presets/raw-preset.ts";
import { presetSummary } from "#worker/presets/summary.ts";

const presets = await loadPresets();
const summaryOf = (name: string) => presetSummary(presetNamed(presets, name));

test("a ladder is told rung by rung, with its ceilings in bits a second, then its sound", () => {
  expect(summaryOf("hls_720p_abr_fmp4")).toMatchObject({
    group: "streaming",
    container: "fmp4",
    renditions: [
      { kind: "video", codec: "h264", size: 720, maxBitRate: 3_000_000n },
      { kind: "video", codec: "h264", size: 480 },
      { kind: "video", codec: "h264", size: 360 },
      { kind: "audio", codec: "aac", maxBitRate: 128_000n },
    ],
  });
});

test("what orders may set is told", () => {
  const [preset] = parsePresets(
    "name: x\ndescription: d\naudio: { codec: aac, bitrate: 96k }\nallow: { audio_bitrate: { max: 128k }, loudness: true }\n",
    "x.yaml",
  ).presets;
  expect(preset && presetSummary(preset).allow).toEqual([
    { name: "audio_bitrate", min: "", max: "128k" },
    { name: "loudness" },
  ]);
  expect(summaryOf("720p_h264").allow).toEqual([]);
});

test("renditions in which HDR stays are told apart from those of the same size in SDR", () => {
  const { renditions = [] } = summaryOf("cmaf_1080p_hdr_abr");
  expect(renditions.map(({ size, hdr }) => [size, hdr])).toEqual([
    ...[1_080, 720, 480].map((size) => [size, "keep"]),
    ...[1_080, 720, 480].map((size) => [size, undefined]),
    [undefined, undefined],
  ]);
});

const groups: [preset: string, group: string, container: string, kinds: string[]][] = [
  ["720p_vp9", "video", "webm", ["video", "audio"]],
  ["720p_h264_poster", "video", "mp4", ["video", "audio", "image"]],
  ["hls_720p", "streaming", "mpegts", ["video", "audio"]],
  ["hls_720p_abr_subtitles", "streaming", "fmp4", ["video", "video", "video", "audio", "subtitles"]],
  ["audio_opus", "audio", "opus", ["audio"]],
  ["poster", "images", "", ["image"]],
  ["thumbnails", "images", "", ["image"]],
];
test.each(groups)("%s belongs to %s", (name, group, container, kinds) => {
  const { renditions = [], ...summary } = summaryOf(name);
  expect(summary).toMatchObject({ group, container });
  expect(renditions.map(({ kind }) => kind ?? "")).toEqual(kinds);
});

test("of a user's own arguments nothing is claimed but what the settings tell", () => {
  const raw = (settings: object) =>
    presetSummary(v.parse(RawPreset, { name: "own", description: "d", ffmpeg_args: ["-vn"], ...settings }));
  expect(raw({ extension: "flac" })).toMatchObject({ group: "audio", container: "flac", renditions: [] });
  expect(raw({ extension: "mkv" })).toMatchObject({ group: "video", container: "mkv", renditions: [] });
  expect(raw({ output_files: ["x.m3u8", "x_%03d.ts"] })).toMatchObject({
    group: "streaming",
    container: "",
    renditions: [],
  });
});
