import { expect, test } from "bun:test";
import { source } from "#tests/support/plan-sources.ts";
import { anyCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { plan } from "#worker/plan/decide.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";

const presets = await loadPresets();
const place = { input: "/jobs/source", outputDir: "/jobs/out", stem: "my clip" };
const planned = (name: string, probe = source()) => plan(presetNamed(presets, name), probe, place, anyCapabilities);

test("a preset of sound refuses a silent source", () => {
  expect(() => planned("audio_mp3", source({}, { audio: [] }))).toThrow("no audio, and preset audio_mp3 needs some");
});
