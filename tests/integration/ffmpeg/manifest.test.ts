import { expect, test } from "bun:test";
import { flashClip } from "#tests/support/flashes.ts";
import { segmentedShapes } from "#tests/support/presets/shapes.ts";
import { makeOutput } from "./work.ts";

test.each(
  segmentedShapes.filter(({ output_type }) => output_type !== "hls").map((preset) => [preset.name, preset] as const),
)("the manifest of %s lasts as long as its last picture", async (_, preset) => {
  const { files, planned } = await makeOutput(await flashClip({ rate: "25", seconds: 3.96 }), preset);
  const manifest = files.find(({ name }) => name === "manifest.mpd")?.text ?? "";
  expect(Number(/mediaPresentationDuration="PT([\d.]+)S"/.exec(manifest)?.[1])).toBeCloseTo(3.96, 3);
  expect(Number(/maxSegmentDuration="PT([\d.]+)S"/.exec(manifest)?.[1])).toBeGreaterThanOrEqual(2);
  expect(planned.entries).toContain("manifest.mpd");
});
