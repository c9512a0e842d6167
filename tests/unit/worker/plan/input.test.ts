import { expect, test } from "bun:test";
import { planned, source } from "#tests/support/plan-sources.ts";

test("a preset of sound refuses a silent source", () => {
  expect(() => planned("audio_mp3", source({}, { audio: [] }))).toThrow("no audio, and preset audio_mp3 needs some");
});
