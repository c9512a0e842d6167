import { expect, test } from "bun:test";
import type { Aimed } from "#worker/quality/aim.ts";
import type { FilmPreset } from "#worker/quality/sample-preset.ts";
import { aimFromText, aimToText } from "#worker/quality/stored-aim.ts";

const rendition = (size: number, crf: number) => ({ size, crf, maxrate: "3000k", bufsize: "6000k" });
const preset: FilmPreset = {
  ...{ name: "two", description: "For tests", output_type: "cmaf", extension: "" },
  video: { codec: "h264", speed: "medium", gop_seconds: 2, renditions: [rendition(720, 23), rendition(360, 23)] },
  segments: { seconds: 4, format: "fmp4" },
};
const aimed: Aimed = {
  preset: { ...preset, video: { ...preset.video, renditions: [rendition(720, 26.4)] } },
  target: 93,
  found: { crf: 26.4, vmaf: 93.2, isReached: true, limit: "rate" },
  reason: "CRF 26.4 is enough.",
};

test("what was decided is read again as it was", () => {
  expect(aimFromText(aimToText("one", aimed), "one", preset)).toEqual(aimed);
  const { target: _, found: __, ...ladder } = aimed;
  expect(aimFromText(aimToText("one", ladder), "one", preset)).toEqual(ladder);
});

test.each([
  ["of something else", aimToText("other", aimed)],
  ["that is cut off", aimToText("one", aimed).slice(0, 100)],
  ["that is not there", undefined],
])("a decision %s is none", (_, text) => {
  expect(aimFromText(text, "one", preset)).toBeUndefined();
});
