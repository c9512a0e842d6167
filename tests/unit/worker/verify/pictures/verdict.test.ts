import { expect, test } from "bun:test";
import { type Grid, gridBytes, mistakes } from "#worker/verify/pictures/grid.ts";
import { type Compared, isMistaken, isOther } from "#worker/verify/pictures/verdict.ts";

/** A picture of many colours, with noise as encoding leaves it. */
const colourful = (noise = 0, shift = 0): Grid =>
  Uint8Array.from({ length: gridBytes }, (_, at) => 40 + ((at * 73 + shift) % 170) + (at % 2 ? noise : -noise));

const compared = (source: Grid, ...shown: readonly Grid[]): Compared => ({
  ...{ name: "output.mp4", seconds: 1, isPoster: false, source: [source], shown },
  mistaken: mistakes.map((mistake) => [mistake(source)]),
});

test("takes a picture for the source's, noise of encoding or not", () => {
  for (const noise of [0, 4, 8]) {
    const comparison = compared(colourful(), colourful(noise));
    expect(isOther(comparison)).toBe(false);
    expect(isMistaken(comparison)).toBe(false);
  }
});

test("takes one of those around the moment", () => {
  expect(isOther(compared(colourful(), colourful(0, 85), colourful(3)))).toBe(false);
});

test("sees another picture, and none at all", () => {
  expect(isOther(compared(colourful(), colourful(0, 85)))).toBe(true);
  expect(isOther(compared(colourful()))).toBe(true);
});

test.each(mistakes.map((mistake, at) => [at, mistake] as const))("sees mistake %d with colours", (_, mistake) => {
  expect(isMistaken(compared(colourful(), mistake(colourful(2))))).toBe(true);
});

test("says nothing of colours where only light was looked at, or nothing was seen", () => {
  expect(isMistaken({ ...compared(colourful(), colourful(0, 85)), mistaken: [] })).toBe(false);
  expect(isMistaken(compared(colourful()))).toBe(false);
});
