import { expect, test } from "bun:test";
import * as v from "valibot";
import { source } from "#tests/support/plan-sources.ts";
import { anyCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { BoardPreset, presetToJson } from "#worker/pieces/board-preset.ts";
import { plan } from "#worker/plan/decide.ts";
import { loadPresets } from "#worker/presets/load.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { isFilmPreset, withCrfsMoved, withRenditions } from "#worker/quality/sample-preset.ts";

const place = { input: "in", outputDir: "/out", stem: "film", keyInfoFile: "key" };
const filmOf = (preset: Preset, probe = source()) => plan(preset, probe, place, anyCapabilities).film;
const hdr = source({ transfer: "smpte2084", primaries: "bt2020", matrix: "bt2020nc" });

const presets = [...(await loadPresets()).values()].filter(isFilmPreset);

test.each(presets.map((preset) => [preset.name, preset] as const))("%s is the same film on a board", (_, preset) => {
  const found = v.parse(BoardPreset, JSON.parse(JSON.stringify(presetToJson(preset))));
  expect(filmOf(found)).toEqual(filmOf(preset));
  expect(filmOf(found, hdr)).toEqual(filmOf(preset, hdr));
});

test("CRFs that were found for a film, and a ladder of which one rendition is left, are the same on a board", () => {
  const ladder = presets.find(({ name }) => name === "hls_720p_abr");
  if (!ladder || ladder.output_type === "single") throw new Error("it is a ladder");
  const [best] = withCrfsMoved(ladder.video.renditions, 1.6, ladder.video.codec);
  const left = withRenditions({ ...ladder, ladder: "adaptive", quality: { vmaf: 93 } }, [best]);
  const found = v.parse(BoardPreset, JSON.parse(JSON.stringify(presetToJson(left))));
  expect(filmOf(found)?.renditions.map(({ encoder }) => encoder)).toEqual(
    filmOf(left)?.renditions.map(({ encoder }) => encoder),
  );
  expect(JSON.stringify(filmOf(found))).toContain("24.6");
});
