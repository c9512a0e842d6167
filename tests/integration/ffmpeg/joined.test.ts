import { expect, test } from "bun:test";
import { join } from "node:path";
import { segmentedShapes } from "#tests/support/presets/shapes.ts";
import { distance, flashesOf, picturesIn, soundIn } from "#tests/support/sync.ts";
import { type UnlikePart, unlikePart, unlikeParts } from "#tests/support/unlike-parts.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { makeJoined, tiny } from "./work.ts";

const inputs = (names: readonly UnlikePart[]) =>
  Promise.all(names.map(async (name) => ({ input: await unlikePart(name) })));

const [, , , ladder] = segmentedShapes;
// Without pictures that refer to later ones: ffmpeg reads fMP4 in HLS as much later as its first one is decoded earlier.
const hls = ladder && { ...ladder, video: { ...ladder.video, speed: "ultrafast" as const } };

/** What lacks a partner: sound that has ended, or not begun, and pictures that have. */
const alone: Partial<Record<UnlikePart, "flashes" | "beeps">> = {
  "no sound": "flashes",
  "sound ends early": "flashes",
  "sound begins late": "flashes",
  "picture ends early": "beeps",
  "transport stream whose picture begins late": "beeps",
};

/** How far flash and beep are apart in each part of a film, in seconds. */
function distances({ joined }: Probe, shown: { flashes: number[]; beeps: number[] }, names: readonly UnlikePart[]) {
  return (joined?.parts ?? []).map(({ startSeconds, endSeconds }, at) => {
    const within = (times: readonly number[]) =>
      times.filter((seconds) => seconds > startSeconds - 0.04 && seconds < endSeconds - 0.04);
    const [flashes, beeps] = [within(shown.flashes), within(shown.beeps)];
    const unpaired = alone[names[at] ?? "plain"];
    if (flashes.length === 0 || beeps.length === 0) return unpaired ? 0 : Number.POSITIVE_INFINITY;
    const paired = (times: number[], others: number[]) =>
      times.filter((time) => others.some((other) => Math.abs(time - other) < 0.5));
    return distance({
      flashes: unpaired === "flashes" ? paired(flashes, beeps) : flashes,
      beeps: unpaired === "beeps" ? paired(beeps, flashes) : beeps,
    });
  });
}

test.each<[string, Preset]>([
  ["a file", { ...tiny, poster: { size: 72 } }],
  ["segments", hls ?? tiny],
])("sources of every kind become %s, each in step from its first picture on", async (_, preset) => {
  const { dir, planned, source } = await makeJoined(await inputs(unlikeParts), preset);
  const entry = join(dir, planned.entry);
  const pictures = await picturesIn(entry);
  const { beeps, endSeconds } = await soundIn(entry);

  expect(pictures.length).toBe(planned.totalFrames ?? 0);
  expect(source.joined?.parts.map(({ frames }) => frames)).toEqual(unlikeParts.map(() => expect.any(Number)));
  expect(Math.abs(endSeconds - (source.durationSeconds ?? 0))).toBeLessThan(0.05);
  const apart = distances(source, { flashes: flashesOf(pictures), beeps }, unlikeParts);
  expect(unlikeParts.filter((_, at) => (apart[at] ?? 1) > 0.04)).toEqual([]);
});
