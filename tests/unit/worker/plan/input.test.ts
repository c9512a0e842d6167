import { expect, test } from "bun:test";
import { planned, source } from "#tests/support/plan-sources.ts";

test("a preset of sound refuses a silent source", () => {
  expect(() => planned("audio_mp3", source({}, { audio: [] }))).toThrow("no audio, and preset audio_mp3 needs some");
});

test("what only the clip lacks is not said of the source", () => {
  const clip = { start: 1, sourceSeconds: 20 };
  const silent = source({}, { audio: [], clip });
  expect(() => planned("audio_mp3", silent)).toThrow("the clip has no audio, and preset audio_mp3 needs some");
  const blind = source({}, { video: undefined, clip });
  expect(() => planned("720p_h264", blind)).toThrow("the clip has no video, and preset 720p_h264 needs one");
});
