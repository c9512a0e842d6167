import { expect, test } from "bun:test";
import { unknownPreset } from "#shared/unknown-preset.ts";

const names = ["240p_fast", "480p_h264", "720p_h264", "720p_h265", "720p_vp9", "hls_720p", "hls_720p_abr", "poster"];

test.each([
  ["720p_h246", "720p_h264"],
  ["720P_H264", "720p_h264"],
  ["720p-vp9", "720p_vp9"],
  ["hls_702p", "hls_720p"],
  ["psoter", "poster"],
  ["480p", "480p_h264"],
  ["hls", "hls_720p"],
])("for %s the nearest preset is named", (typed, meant) => {
  expect(unknownPreset(typed, names)).toStartWith(
    `there is no preset "${typed}"; is ${meant} meant? There is 240p_fast,`,
  );
});

test.each(["", "x", "av1", "archive_master", "\x1b[2J".repeat(30)])("for %j none is guessed", (typed) => {
  const message = unknownPreset(typed, names);
  expect(message).not.toContain("meant");
  expect(message).toEndWith(
    "there is 240p_fast, 480p_h264, 720p_h264, 720p_h265, 720p_vp9, hls_720p, hls_720p_abr, poster",
  );
});
