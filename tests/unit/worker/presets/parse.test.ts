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

test("reads a list", () => {
  const text = `presets:\n  - ${raw.trim().replaceAll("\n", "\n    ")}\n  - ${declarative.trim().replaceAll("\n", "\n    ")}\n`;
  expect(parsePresets(text, "x.yaml").presets.map(({ name }) => name)).toEqual(["mine", "small"]);
});

test.each([
  [declarative.replace("h264", "av1"), 'x.yaml:4: video.codec: use h264, h265; "av1" is not supported'],
  [declarative.replace("crf: 30", "crf: 99"), "x.yaml:6: video.renditions.0.crf: use a whole number from 0 to 51"],
  [declarative.replace(", bufsize: 1000k", ""), "x.yaml:6: video.renditions.0.bufsize: is required"],
  [`${declarative}segments:\n  seconds: 6\n`, "x.yaml:7: segments: there is no such setting"],
  [`${declarative}output_type: hls\n`, 'x.yaml:7: output_type: use single; "hls" is not supported'],
  [declarative.replace("small", "../small"), "x.yaml:1: name: use lower-case letters, digits and single underscores"],
  [raw.replace("libx264", 'libx264", 23, "-an'), "x.yaml:4: ffmpeg_args.2: write it in quotes"],
  [raw.replace("-c:v", "-i"), "x.yaml:4: ffmpeg_args.0: -i is not for presets to set"],
  [raw.replace("mkv", "m3u8"), "x.yaml:3: extension: use mp4"],
  ["name: a\nname: b\n", "x.yaml:2: Map keys must be unique"],
  ["", "x.yaml:1: write settings as `name: value`"],
])("says where and why: %#", (text, problem) => {
  expect(problemsOf(text)[0]).toStartWith(problem);
});

test("tells all mistakes at once", () => {
  const text = declarative.replace("h264", "av1").replace("240", "0");
  expect(problemsOf(`${text}extra: 1\n`)).toHaveLength(3);
});
