import { expect, test } from "bun:test";
import { purposeOf } from "#worker/ffmpeg/disposition.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { textsProblem } from "#worker/verify/embedded-texts.ts";

const expected = [{ codec: "mov_text", language: "deu", cues: 2, isForced: false, isDefault: true }];
const probe = (more: object = {}, flags: Record<string, number> = { default: 1 }): Probe => ({
  ...{ format: "mov", durationSeconds: 1, video: undefined, videos: [], audio: [], programs: [] },
  subtitles: [{ index: 2, codec: "mov_text", language: "deu", ...purposeOf({ disposition: flags }), ...more }],
});

test("tracks of text must be those that were asked for, and show all of their texts", () => {
  expect(textsProblem(expected, probe(), [2])).toBeUndefined();
  expect(textsProblem(expected, probe(), [1])).toContain("shows 1 texts instead of 2");
  expect(textsProblem(expected, probe())).toContain("shows 0 texts instead of 2");
  expect(textsProblem(expected, probe({ language: undefined }), [2])).toContain("und, not deu");
  expect(textsProblem(expected, probe({}, {}), [2])).toContain("false of being the default");
  expect(textsProblem(expected, probe({}, { default: 1, forced: 1 }), [2])).toContain("true of being forced");
  expect(textsProblem(expected, { ...probe(), subtitles: [] }, [])).toContain("0 tracks of subtitles instead of 1");
});
