import { expect, test } from "bun:test";
import { type Grid, gridBytes, mistakes } from "#worker/verify/pictures/grid.ts";
import { isMistaken, isOther, type Seen } from "#worker/verify/pictures/judge.ts";

/** A picture of many colours, with noise as encoding leaves it. */
const colourful = (noise = 0, shift = 0): Grid =>
  Uint8Array.from({ length: gridBytes }, (_, at) => 40 + ((at * 73 + shift) % 170) + (at % 2 ? noise : -noise));

const seen = (source: Grid, ...shown: readonly Grid[]): Seen => ({
  ...{ name: "output.mp4", seconds: 1, isPoster: false, source: [source], shown },
  mistaken: mistakes.map((mistake) => [mistake(source)]),
});

test("takes a picture for the source's, noise of encoding or not", () => {
  for (const noise of [0, 4, 8]) {
    const look = seen(colourful(), colourful(noise));
    expect(isOther(look)).toBe(false);
    expect(isMistaken([look])).toBe(false);
  }
});

test("takes one of those around the moment", () => {
  expect(isOther(seen(colourful(), colourful(0, 85), colourful(3)))).toBe(false);
});

test("sees another picture, and none at all", () => {
  expect(isOther(seen(colourful(), colourful(0, 85)))).toBe(true);
  expect(isOther(seen(colourful()))).toBe(true);
});

test.each(mistakes.map((mistake, at) => [at, mistake] as const))("sees mistake %d with colours", (_, mistake) => {
  expect(isMistaken([seen(colourful(), mistake(colourful(2)))])).toBe(true);
});

test("says nothing of colours where only light was looked at, or nothing was seen", () => {
  expect(isMistaken([{ ...seen(colourful(), colourful(0, 85)), mistaken: [] }])).toBe(false);
  expect(isMistaken([])).toBe(false);
});
