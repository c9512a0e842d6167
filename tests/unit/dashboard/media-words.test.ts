import { expect, test } from "bun:test";
import type { Preset } from "#client/client.ts";
import { codecsInWords, makesWords, presetGroups, sourceWords } from "#dashboard/media-words.ts";

const preset = (name: string, group?: string): Preset => ({
  ...{ name, description: name, output_type: "single" },
  ...(group !== undefined && { group }),
});

test("720p comes first, and presets that no worker has put in a group come last", () => {
  const presets = [
    preset("1080p_av1", "video"),
    preset("hls", "streaming"),
    preset("720p_h264", "video"),
    preset("own"),
  ];
  expect(presetGroups(presets).map(([title, members]) => [title, ...members.map(({ name }) => name)])).toEqual([
    ["Video files", "720p_h264", "1080p_av1"],
    ["Streaming", "hls"],
    ["Others", "own"],
  ]);
  expect(presetGroups([preset("own")]).map(([title]) => title)).toEqual(["Presets"]);
});

test("a preset says what it makes, and a source what it is", () => {
  const renditions = [
    { kind: "video", codec: "h264", size: 720, max_bit_rate: 3_000_000 },
    { kind: "video", codec: "h264", size: 360 },
    { kind: "audio", codec: "aac" },
  ];
  const hls = { ...preset("hls", "streaming"), output_type: "hls", container: "mpegts", renditions };
  expect(makesWords(hls)).toBe("HLS (mpegts) · H.264 720p, 360p · AAC");
  const [first] = renditions;
  const mixed = [
    { kind: "video", codec: "hevc", size: 720, hdr: "keep" },
    ...(first ? [{ ...first, codec: "hevc" }] : []),
  ];
  expect(makesWords({ ...hls, renditions: mixed })).toBe("HLS (mpegts) · H.265 HDR 720p · H.265 720p");
  expect(makesWords(preset("own"))).toBe("");
  const source: Parameters<typeof sourceWords>[0] = {
    ...{ container: "mov", duration_seconds: 92.4, bytes: 12_000_000, subtitles: [] },
    video: {
      ...{ codec: "hevc", width: 1_080, height: 1_920, frame_rate: 29.97, variable_frame_rate: true },
      ...({ hdr: "hlg", rotation: 90, scan: "progressive" } as const),
    },
    audio: [
      { codec: "aac", language: "de", channels: 2 },
      { codec: "ac3", layout: "5.1(side)" },
    ],
  };
  expect(sourceWords(source)).toEqual({
    File: "mov · 1:32 · 12.0 MB",
    Picture: "1080×1920 · H.265 · 29.97 fps, uneven · HLG · turned by 90°",
    Sound: "de · AAC · stereo; AC-3 · 5.1(side)",
    Subtitles: "",
  });
});

test.each([
  ["avc1.64001f,mp4a.40.2", "H.264, AAC"],
  ["hev1.2.4.L120.90", "H.265"],
  ["av01.0.08M.08, Opus", "AV1, Opus"],
  ["mp4a.40.34", "MP3"],
  ["mp4a.6B", "MP3"],
  ["stpp.ttml.im1t", "stpp"],
])("%s is %s", (codecs, words) => {
  expect(codecsInWords(codecs)).toBe(words);
});
