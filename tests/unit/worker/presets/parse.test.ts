import { expect, test } from "bun:test";
import { parsePresets } from "#worker/presets/parse.ts";

const declarative = `name: small
description: Small
video:
  codec: h264
  renditions:
    - { size: 240, crf: 30, maxrate: 500k, bufsize: 1000k }
`;
const raw = `name: mine
description: Mine
extension: mkv
ffmpeg_args: ["-c:v", "libx264"]
`;
const streams = `name: mine
description: Mine
extension: m3u8
output_files: [index.m3u8, "part_*.ts", "init_?.mp4"]
ffmpeg_args: [-an]
`;
const segmented = `${declarative}output_type: hls
segments:
  seconds: 6
  format: mpegts
`;
const rising = declarative.replace("- {", "- { size: 100, crf: 30, maxrate: 50k, bufsize: 90k }\n    - {");
const problemsOf = (text: string) => parsePresets(text, "x.yaml").problems;

test("reads what we ship, with its defaults", () => {
  expect(parsePresets(declarative, "x.yaml").presets).toMatchObject([
    { name: "small", output_type: "single", extension: "mp4", video: { speed: "medium" } },
  ]);
});

test("reads raw arguments", () => {
  expect(parsePresets(raw, "x.yaml").presets).toMatchObject([
    { name: "mine", output_type: "single", extension: "mkv" },
  ]);
});

test.each([
  ["its entry's extension", streams, "hls"],
  ["its entry", streams.replace("extension: m3u8\n", ""), "hls"],
  ["its entry, of DASH", streams.replace("extension: m3u8\n", "").replace("index.m3u8", "index.mpd"), "dash"],
  ["its type", streams.replace("extension: m3u8", "output_type: hls"), "hls"],
])("reads a raw preset of segments by %s", (_, text, output_type) => {
  expect(parsePresets(text, "x.yaml")).toMatchObject({ problems: [], presets: [{ output_type, extension: "" }] });
});

test.each([
  ["hls_mine", "x.yaml:1: output_files: list the entry (.m3u8 for hls"],
  ["dash_mine", "x.yaml:1: output_files: list the entry (.m3u8 for hls"],
  ["hlsmine", "x.yaml:1: extension: is required"],
])("takes a raw preset for what its name %s says", (name, problem) => {
  const bare = raw.replace("extension: mkv\n", "").replace("mine", name);
  expect(problemsOf(bare)[0]).toStartWith(problem);
  expect(parsePresets(raw.replace("mine", name), "x.yaml").presets).toMatchObject([{ output_type: "single" }]);
});

test("reads a list", () => {
  const text = `presets:\n  - ${raw.trim().replaceAll("\n", "\n    ")}\n  - ${declarative.trim().replaceAll("\n", "\n    ")}\n`;
  expect(parsePresets(text, "x.yaml").presets.map(({ name }) => name)).toEqual(["mine", "small"]);
});

test.each([
  [declarative.replace("h264", "h266"), 'x.yaml:4: video.codec: use h264, h265, av1, vp9; "h266" is not supported'],
  [declarative.replace("crf: 30", "crf: 99"), "x.yaml:6: video.renditions.0.crf: use a whole number from 0 to 63"],
  [declarative.replace(", bufsize: 1000k", ""), "x.yaml:6: video.renditions.0.bufsize: is required"],
  [`${declarative}segments:\n  seconds: 6\n`, "x.yaml:7: segments: there is no such setting"],
  [`${declarative}output_type: hls\n`, "x.yaml:1: segments: is required"],
  [`${declarative}output_type: rtmp\n`, 'x.yaml:7: output_type: use hls, dash, cmaf; "rtmp" is not supported'],
  [
    `${segmented}  encryption: aes-128\n`.replace("mpegts", "fmp4"),
    "x.yaml:11: segments.encryption: only HLS in MPEG-TS",
  ],
  [segmented.replace("seconds: 6", "seconds: 5"), "x.yaml:9: segments.seconds: use a multiple of video.gop_seconds"],
  [segmented.replace("h264", "vp9"), "x.yaml:4: video.codec: HLS plays h264 and h265"],
  [segmented.replace("h264", "h265"), "x.yaml:10: segments.format: use fmp4: MPEG-TS is for H.264 in HLS"],
  [`${declarative}measure: psnr\n`, "x.yaml:7: measure: use vmaf, ssim"],
  [`${segmented}  encryption: aes-128\nmeasure: ssim\n`, "x.yaml:12: measure: it cannot see what is encrypted"],
  ["name: a\ndescription: A\nposter: { size: 240 }\nmeasure: ssim\n", "x.yaml:4: measure: only a preset of video"],
  [`${raw}measure: ssim\n`, "x.yaml:5: measure: there is no such setting"],
  [`${declarative}quality: { vmaf: 99 }\n`, "x.yaml:7: quality.vmaf: use a number from 30 to 97"],
  [`${declarative}quality: 93\n`, "x.yaml:7: quality: "],
  [
    "name: a\ndescription: A\nposter: { size: 240 }\nquality: { vmaf: 93 }\n",
    "x.yaml:4: quality: only a preset with video",
  ],
  [`${raw}quality: { vmaf: 93 }\n`, "x.yaml:5: quality: there is no such setting"],
  [`${segmented}ladder: adaptive\n`, "x.yaml:11: ladder: list at least two renditions"],
  [declarative.replace("h264", "h264\n  hdr: keep"), "x.yaml:4: video.codec: use h265 or av1 where HDR is kept"],
  [
    `${segmented.replace("h264", "h265").replace("mpegts", "fmp4").replace("- {", "- { size: 240, crf: 30, maxrate: 50k, bufsize: 90k, hdr: keep }\n    - {")}ladder: adaptive\n`,
    "x.yaml:12: ladder: list at least two renditions to choose from, all of HDR or all of SDR",
  ],
  [`${declarative}ladder: adaptive\n`, "x.yaml:7: ladder: there is no such setting"],
  [`${declarative}extension: avi\n`, "x.yaml:7: extension: use mp4"],
  ["name: a\ndescription: A\n", "x.yaml:1: write at least one of video, audio"],
  [`${declarative}audio: { codec: aac, bitrate: 9k, loudness: -4 }\n`, "x.yaml:7: audio.loudness: "],
  [rising, "x.yaml:5: video.renditions: list the renditions from the largest"],
  [raw.replace("mkv", "mkv\noutput_files: [a.m3u8, b.ts]"), "x.yaml:4: output_files: list the entry"],
  [raw.replace("extension: mkv", "output_type: hls"), "x.yaml:1: output_files: list the entry"],
  [
    raw.replace("extension: mkv", "output_type: hls\noutput_files: [a.m3u8, /b.ts]"),
    "x.yaml:4: output_files.1: write a file name",
  ],
  [declarative.replace("small", "../small"), "x.yaml:1: name: use lower-case letters, digits and single underscores"],
  [raw.replace("libx264", 'libx264", 23, "-an'), "x.yaml:4: ffmpeg_args.2: write it in quotes"],
  [raw.replace("-c:v", "-i"), "x.yaml:4: ffmpeg_args.0: -i is not for presets to set"],
  [raw.replace("mkv", "exe"), "x.yaml:3: extension: use mp4"],
  [raw.replace("mkv", "m3u8"), "x.yaml:1: output_files: list the entry"],
  [
    raw.replace("mkv", "m3u8\noutput_type: single"),
    "x.yaml:3: extension: use mp4, m4v, mov, mkv, webm, avi, ts, mpg, flv, mxf, ogv, m4a, mp3, aac, ogg, opus, flac, wav for",
  ],
  [streams.replace("m3u8\n", "mpd\noutput_type: hls\n"), "x.yaml:3: extension: leave it out, or write m3u8"],
  [streams.replace("[index.m3u8", "['*.m3u8'"), "x.yaml:4: output_files: list the entry"],
  [streams.replace("part_*.ts", "folder/*.ts"), "x.yaml:4: output_files.1: write a file name"],
  [
    streams.replace("-an", "-var_stream_map, 'v:0,a:0 v:0,a:1'"),
    "x.yaml:5: ffmpeg_args.0: -var_stream_map names v:0 more than once",
  ],
  ["name: a\nname: b\n", "x.yaml:2: Map keys must be unique"],
  ["", "x.yaml:1: write settings as `name: value`"],
])("says where and why: %#", (text, problem) => {
  expect(problemsOf(text)[0]).toStartWith(problem);
});

test("tells all mistakes at once", () => {
  const text = declarative.replace("h264", "h266").replace("240", "0");
  expect(problemsOf(`${text}extra: 1\n`)).toHaveLength(3);
});
