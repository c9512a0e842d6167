import { expect, test } from "bun:test";
import { faultIn } from "#shared/fault.ts";
import type { Params } from "#shared/job/params.ts";
import type { PictureSettings } from "#shared/job/picture.ts";
import type { SoundOrder } from "#shared/job/sound-order.ts";
import { presetFor } from "#worker/presets/for-order.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { parsePresets } from "#worker/presets/parse.ts";

const presets = await loadPresets();
const applied = (name: string, params: Params) => {
  const preset = presetFor({ params }, presetNamed(presets, name));
  if ("ffmpeg_args" in preset) throw new Error("a preset of its own arguments");
  return preset;
};
const renditions = (name: string, params: Params) => applied(name, params).video?.renditions;

test("without parameters a preset is the same", () => {
  for (const preset of presets.values()) {
    expect(presetFor({}, preset)).toBe(preset);
    expect(presetFor({ params: {} }, preset)).toBe(preset);
  }
});

test("a CRF moves all renditions of a ladder alike, within what the encoder knows", () => {
  expect(renditions("hls_720p_abr", { crf: 20 })?.map(({ crf }) => crf)).toEqual([20, 20, 20]);
  const text =
    "name: x\ndescription: d\noutput_type: hls\nsegments: { seconds: 2 }\nvideo:\n  codec: h264\n  renditions: [{ size: 720, crf: 23, maxrate: 3000k, bufsize: 6000k }, { size: 360, crf: 26, maxrate: 900k, bufsize: 1800k }]\n";
  const [ladder] = parsePresets(text, "x.yaml").presets;
  if (!ladder) throw new Error("it is no preset");
  const crfs = (crf: number) => {
    const preset = presetFor({ params: { crf } }, ladder);
    return "video" in preset ? preset.video?.renditions.map((one) => one.crf) : [];
  };
  expect(crfs(20)).toEqual([20, 23]);
  expect(crfs(50)).toEqual([50, 51]);
});

test("a size leaves out what is larger, and bit rates go with the size of what is made", () => {
  expect(renditions("hls_720p_abr", { size: 500 })?.map(({ size }) => size)).toEqual([480, 360]);
  expect(renditions("hls_720p_abr", { size: 180 })).toMatchObject([{ size: 180, maxrate: "318k", bufsize: "636k" }]);
  expect(renditions("720p_h264", { size: 360 })).toMatchObject([{ size: 360, maxrate: "1061k", bufsize: "2121k" }]);
  expect(renditions("720p_h264", { size: 720 })).toMatchObject([{ size: 720, maxrate: "3000k", bufsize: "6000k" }]);
});

test("a ladder of which one rendition is left has none to choose from", () => {
  const ladder = presetNamed(presets, "hls_720p_abr");
  const adaptive = { ...ladder, ladder: "adaptive" } as typeof ladder;
  expect(presetFor({ params: { size: 500 } }, adaptive)).toHaveProperty("ladder", "adaptive");
  expect(presetFor({ params: { size: 400 } }, adaptive)).not.toHaveProperty("ladder");
});

test("an average bit rate leaves room above it, or as much as is asked for", () => {
  expect(renditions("720p_h264", { bitrate: "2000k" })).toMatchObject([
    { bitrate: "2000k", maxrate: "3000k", bufsize: "6000k" },
  ]);
  expect(renditions("720p_h264", { bitrate: "2000k", maxrate: "2500k" })).toMatchObject([
    { bitrate: "2000k", maxrate: "2500k", bufsize: "5000k" },
  ]);
  expect(renditions("hls_720p_abr", { bitrate: "1500k" })).toMatchObject([
    { bitrate: "1500k", maxrate: "2250k" },
    { bitrate: "750k", maxrate: "1125k" },
    { bitrate: "450k", maxrate: "675k" },
  ]);
});

test("the other parameters are settings of the preset", () => {
  const params = { speed: "slow", frame_rate: 25, audio_bitrate: "64k", segment_seconds: 8, gop_seconds: 4 } as const;
  expect(applied("hls_720p", params)).toMatchObject({
    ...{ video: { speed: "slow", frame_rate: 25, gop_seconds: 4 }, audio: { bitrate: "64k" } },
    segments: { seconds: 8, format: "mpegts" },
  });
  expect(applied("audio_opus", { loudness: -20 })).toMatchObject({ audio: { loudness: -20 }, extension: "opus" });
  expect(applied("720p_h264", { loudness: -20 })).toMatchObject({ audio: { loudness: -20 }, extension: "mp4" });
  expect(applied("cmaf_1080p_abr", { loudness: -20 })).toMatchObject({ audio: { loudness: -20 }, output_type: "cmaf" });
});

const refused: [string, Params, string][] = [
  ["audio_mp3", { crf: 20 }, "params.crf"],
  ["720p_h264", { crf: 52 }, "params.crf"],
  ["720p_h264", { crf: 20, bitrate: "2000k" }, "params.crf"],
  ["720p_h264", { bitrate: "2000k", maxrate: "1000k" }, "params.maxrate"],
  ["1080p_av1", { bitrate: "2000k", maxrate: "3000k" }, "params.maxrate"],
  ["hls_720p_abr", { size: 1_080 }, "params.size"],
  ["poster", { audio_bitrate: "96k" }, "params.audio_bitrate"],
  ["audio_opus", { audio_bitrate: "320k" }, "params.audio_bitrate"],
  ["audio_mp3", { audio_bitrate: "16k" }, "params.audio_bitrate"],
  ["poster", { loudness: -16 }, "params.loudness"],
  ["720p_h264", { segment_seconds: 4 }, "params.segment_seconds"],
  ["720p_h264", { gop_seconds: 4 }, "params.gop_seconds"],
  ["hls_720p", { segment_seconds: 5 }, "params.segment_seconds"],
  ["hls_720p", { gop_seconds: 4 }, "params.gop_seconds"],
];
test.each(refused)("%s does not take %p", (name, params, field) => {
  const fault = faultIn(() => applied(name, params));
  expect({ kind: fault?.kind, fields: fault?.fields.map((one) => one.field) }).toEqual({
    kind: "invalid",
    fields: [field],
  });
});

test("a distance of keyframes that no segment is a multiple of is told with the numbers of both", () => {
  const problem = (params: Params) => faultIn(() => applied("hls_720p", params))?.fields.map(({ message }) => message);
  expect(problem({ gop_seconds: 4 })).toEqual([
    "segments of 6 s are no multiple of it: use 1, 2, 3 or 6, or say segment_seconds too",
  ]);
  expect(problem({ segment_seconds: 5 })).toEqual([
    "is no multiple of the 2 s from keyframe to keyframe: use 2, 4 or another one, or say gop_seconds too",
  ]);
  expect(problem({ segment_seconds: 7, gop_seconds: 4 })).toHaveLength(2);
  expect(problem({ segment_seconds: 8, gop_seconds: 4 })).toBeUndefined();
});

test("all that is wrong is told at once; arguments of one's own take nothing", () => {
  const fields = (of: () => unknown) => faultIn(of)?.fields.map(({ field }) => field);
  expect(fields(() => applied("poster", { crf: 20, loudness: -16 }))).toEqual(["params.crf", "params.loudness"]);
  const [raw] = parsePresets("name: x\ndescription: d\nextension: mp4\nffmpeg_args: [-an]\n", "x.yaml").presets;
  expect(fields(() => raw && presetFor({ params: { crf: 20 } }, raw))).toEqual(["params.crf"]);
});

test("who decides the quality by a CRF or a bit rate does not want the target of the preset", () => {
  const text =
    "name: x\ndescription: d\nquality: { vmaf: 93 }\nvideo: { codec: h264, renditions: [{ size: 90, crf: 23, maxrate: 300k, bufsize: 600k }] }\n";
  const [preset] = parsePresets(text, "x.yaml").presets;
  if (!preset) throw new Error("it is no preset");
  expect(presetFor({ params: { size: 60 } }, preset)).toHaveProperty("quality");
  expect(presetFor({ params: { crf: 20 } }, preset)).not.toHaveProperty("quality");
  expect(presetFor({ params: { bitrate: "100k" } }, preset)).not.toHaveProperty("quality");
});

test("what an order says of the picture goes before what its preset says, and is refused by its own fields", () => {
  const ladder = presetNamed(presets, "hls_720p");
  const portrait = presetFor({ picture: { width: 1_080, height: 1_920, background: "navy" } }, ladder);
  const covered = presetFor({ picture: { fit: "cover", rotate: 0 } }, portrait);
  expect(covered).toHaveProperty("picture", { width: 1_080, height: 1_920, fit: "cover", rotate: 0 });
  const fields = (name: string, picture: PictureSettings) =>
    faultIn(() => presetFor({ picture }, presetNamed(presets, name)))?.fields.map(({ field }) => field);
  expect(fields("hls_720p", { fit: "cover", width: 640 })).toEqual(["fit"]);
  expect(fields("hls_720p", { background: "red" })).toEqual(["background"]);
  expect(fields("hls_720p", { width: 4_096, height: 4_096 })).toEqual(["width"]);
  expect(fields("audio_aac", { rotate: 90 })).toEqual(["rotate"]);
  expect(fields("poster", { rotate: 90 })).toBeUndefined();
  const [raw] = parsePresets("name: x\ndescription: d\nextension: mp4\nffmpeg_args: [-an]\n", "x.yaml").presets;
  const own = faultIn(() => raw && presetFor({ picture: { denoise: "light" } }, raw));
  expect(own?.fields).toMatchObject([{ field: "denoise", message: expect.stringContaining("arguments of its own") }]);
});

test("pictures beside the film are settings of a preset of video, and of no other", () => {
  const sprite = { width: 160, every_seconds: 5, columns: 10, rows: 10 };
  const thumbnails = { times: [1, 2], sprite, poster: { size: 360 } };
  for (const name of ["hls_720p_abr", "720p_h264"])
    expect(presetFor({ thumbnails }, presetNamed(presets, name))).toMatchObject({
      ...{ stills: { times: [1, 2], size: 720 }, thumbnails: sprite, poster: { size: 360 } },
    });
  for (const name of ["audio_mp3", "poster"])
    expect(faultIn(() => presetFor({ thumbnails }, presetNamed(presets, name)))?.fields).toEqual([
      { field: "thumbnails", message: `preset ${name} makes no video that they would lie beside` },
    ]);
});

test("an order says which sounds are taken, and how many channels they have", () => {
  const audioOf = (name: string, audio: SoundOrder) => {
    const preset = presetFor({ audio }, presetNamed(presets, name));
    return "ffmpeg_args" in preset ? undefined : preset.audio;
  };
  expect(audioOf("720p_h264", { channels: "mono" })).toMatchObject({ channels: 1, bitrate: "128k" });
  expect(audioOf("hls_720p_abr", { tracks: ["en", 1], channels: "source" })).toMatchObject({
    ...{ tracks: ["en", 1], channels: "source" },
  });
});

test.each<[string, SoundOrder, string]>([
  ["audio_mp3", { channels: "source" }, "audio.channels"],
  ["audio_aac", { tracks: [0, 1] }, "audio.tracks"],
  ["poster", { tracks: [0] }, "audio"],
])("preset %s refuses %p by its field", (name, audio, field) => {
  const fault = faultIn(() => presetFor({ audio }, presetNamed(presets, name)));
  expect(fault?.fields.map((one) => one.field)).toEqual([field]);
});

test("one rendition in fMP4 has room for one sound", () => {
  const preset = presetNamed(presets, "hls_720p");
  if (!("segments" in preset)) throw new Error("not segmented");
  const inFmp4 = { ...preset, segments: { seconds: 6, format: "fmp4" as const } };
  const fields = (tracks: number[]) => faultIn(() => presetFor({ audio: { tracks } }, inFmp4))?.fields[0]?.field;
  expect([fields([0]), fields([0, 1])]).toEqual([undefined, "audio.tracks"]);
  expect(() => presetFor({ audio: { tracks: [0, 1] } }, preset)).not.toThrow();
});
