import { expect, test } from "bun:test";
import { packets, source } from "#tests/support/plan-sources.ts";
import { anyCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { purposeOf } from "#worker/ffmpeg/disposition.ts";
import { plan } from "#worker/plan/decide.ts";
import { renditionsOf } from "#worker/plan/renditions.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";

const presets = await loadPresets();
const made = (name: string, probe = source()) => renditionsOf(presetNamed(presets, name), probe);
const track = (index: number, language: string, channels = 2) => ({
  ...{ index, codec: "aac", channels, language },
  ...purposeOf({}),
});

test("a ladder has the rungs that are no larger than the source, and tells which it leaves out", () => {
  const { renditions, dropped } = made("hls_720p_abr", source({ width: 640, height: 480 }));
  expect(renditions).toEqual([
    { name: "stream_0.m3u8", kind: "video", codec: "h264", width: 640, height: 480, frameRate: 24, maxBitRate: 1.5e6 },
    { name: "stream_1.m3u8", kind: "video", codec: "h264", width: 480, height: 360, frameRate: 24, maxBitRate: 9e5 },
    { name: "stream_audio.m3u8", kind: "audio", codec: "aac", channels: 2, maxBitRate: 128_000 },
  ]);
  expect(dropped).toEqual([{ size: 720, reason: "it is larger than the source, whose short side is 480" }]);
});

test("of a source below all rungs the smallest is made, at the source's own size", () => {
  const { renditions, dropped } = made("hls_720p_abr", source({ width: 320, height: 180 }));
  expect(renditions[0]).toMatchObject({ width: 320, height: 180, maxBitRate: 900_000 });
  expect(dropped.map(({ size }) => size)).toEqual([720, 480]);
});

test("sound without a playlist of its own lies beside the picture", () => {
  const probe = source({}, { audio: [track(1, "ger", 1)] });
  const audio = { codec: "aac", channels: 1, bitRate: 128_000, language: "de" };
  expect(made("hls_720p", probe).renditions).toMatchObject([{ name: "playlist.m3u8", height: 720, audio }]);
  expect(made("720p_h264", probe).renditions).toMatchObject([{ name: "output.mp4", height: 720, audio }]);
  const two = source({}, { audio: [track(1, "ger", 1), track(2, "eng")] });
  expect(made("hls_720p", two).renditions).toMatchObject([
    { name: "playlist.m3u8", height: 720, audio },
    { name: "stream_audio.m3u8", kind: "audio", language: "de" },
    { name: "stream_audio_1.m3u8", kind: "audio", language: "en" },
  ]);
});

test("each track of sound of a ladder is one, and DASH names representations", () => {
  const probe = source({}, { audio: [track(1, "eng"), track(2, "jpn")] });
  expect(made("dash_720p", probe).renditions).toMatchObject([
    { name: "manifest.mpd#0", kind: "video" },
    { name: "manifest.mpd#1", kind: "audio", language: "en" },
    { name: "manifest.mpd#2", kind: "audio", language: "ja" },
  ]);
  const { renditions } = made("cmaf_1080p_abr", probe);
  expect(renditions.map(({ name }) => name)).toEqual([0, 1, 2, 3, 4, 5].map((at) => `media_${at}.m3u8`));
});

test("text subtitles are renditions where the preset wants them", () => {
  const subtitles = [{ index: 2, codec: "subrip", language: "fre", ...purposeOf({}) }];
  const texts = made("hls_720p_abr_subtitles", source({}, { subtitles })).renditions.filter(
    ({ kind }) => kind === "subtitles",
  );
  expect(texts).toEqual([{ name: "stream_subtitles_0.m3u8", kind: "subtitles", codec: "webvtt", language: "fr" }]);
});

test("pictures are told upright, at the rate of their motion", () => {
  const probe = source({ rotation: 90, packets: packets({ meanInterval: 1 / 50, shortInterval: 1 / 50 }) });
  expect(made("720p_h264", probe).renditions).toMatchObject([{ width: 720, height: 1_280, frameRate: 50 }]);
});

test("stills and previews have the sizes that they get", () => {
  expect(made("poster").renditions).toMatchObject([{ name: "output.jpg", kind: "image", codec: "mjpeg" }]);
  expect(made("thumbnails", source({}, { durationSeconds: 512 })).renditions).toEqual([
    { name: "output.vtt", kind: "image", codec: "webvtt", width: 160, height: 90 },
    { name: "output_01.jpg", kind: "image", codec: "mjpeg", width: 1_600, height: 900 },
    { name: "output_02.jpg", kind: "image", codec: "mjpeg", width: 1_600, height: 900 },
  ]);
  expect(made("preview").renditions).toMatchObject([{ name: "output.webp", height: 240, frameRate: 10 }]);
  expect(made("720p_h264_poster").renditions.map(({ name }) => name)).toEqual(["output.mp4", "output.poster.jpg"]);
});

test("a preset that encodes pictures refuses sound alone as the plan does", () => {
  expect(() => made("720p_h264", { ...source(), video: undefined })).toThrow("no video");
});

const subtitles = [{ index: 3, codec: "subrip", language: "fre", ...purposeOf({}) }];
const sources = {
  ordinary: source(),
  small: source({ width: 320, height: 180 }),
  silent: source({}, { audio: [] }),
  "full of tracks": source({}, { audio: Array.from({ length: 10 }, (_, at) => track(at + 1, "eng")), subtitles }),
};
const place = { input: "/source", outputDir: "/out", stem: "out", keyInfoFile: "/key" };
const segmented = [...presets.values()].filter(({ output_type }) => output_type !== "single");

test.each(Object.entries(sources))(
  "of a source that is %s presets make what their plans are verified by",
  (_, probe) => {
    for (const preset of segmented) {
      const { renditions } = renditionsOf(preset, probe);
      const told = renditions.flatMap(({ kind, codec, audio }) => [`${kind} ${codec}`, ...(audio ? ["muxed"] : [])]);
      const tracks = plan(preset, probe, place, anyCapabilities).segments?.tracks ?? [];
      const sounds = tracks.filter(({ kind }) => kind === "audio").length;
      expect([preset.name, told.filter((one) => !/^audio|muxed/.test(one))]).toEqual([
        preset.name,
        tracks.filter(({ kind }) => kind !== "audio").map(({ kind, codec }) => `${kind} ${codec}`),
      ]);
      expect([preset.name, told.filter((one) => /^audio|muxed/.test(one)).length]).toEqual([preset.name, sounds]);
    }
  },
);
