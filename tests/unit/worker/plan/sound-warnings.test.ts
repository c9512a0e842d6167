import { expect, test } from "bun:test";
import { source } from "#tests/support/plan-sources.ts";
import { purposeOf } from "#worker/ffmpeg/disposition.ts";
import { soundWarnings } from "#worker/plan/sound-warnings.ts";
import { presetFor } from "#worker/presets/for-order.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";

const presets = await loadPresets();
const track = (number: number, channels: number, layout?: string, more = {}) => ({
  ...{ index: number + 1, number, codec: "pcm", channels, layout, language: undefined, ...more },
  ...purposeOf({}),
});
const warned = (name: string, audio: ReturnType<typeof track>[], has = true) =>
  soundWarnings(presetFor({ audio: { channels: "source" } }, presetNamed(presets, name)), source({}, { audio }), {
    has: () => has,
  });

test("who wants all channels is told where they are not kept", () => {
  const odd = [track(0, 4, "ambisonic 1"), track(1, 2, "stereo", { isChanging: true }), track(2, 6, "5.1")];
  expect(warned("hls_720p_abr", odd).map((text) => text.slice(0, 14))).toEqual(["sound number 0", "sound number 1"]);
  expect(warned("720p_h264", odd)).toHaveLength(1);
  expect(warned("hls_720p_abr", [track(0, 2, "stereo")])).toEqual([]);
});

test("and where there is no E-AC-3 because ffmpeg cannot make it", () => {
  expect(warned("hls_720p_abr", [track(0, 6, "5.1")], false)).toHaveLength(1);
  expect(warned("720p_h264", [track(0, 6, "5.1")], false)).toEqual([]);
  expect(warned("hls_720p_abr", [track(0, 2, "stereo")], false)).toEqual([]);
});
