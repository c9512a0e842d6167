import { expect, test } from "bun:test";
import { coverOf } from "#worker/burn/draw-text.ts";
import { distanceFrom } from "#worker/verify/pictures/drawn-text.ts";

const pixels = (count: number, value: number) => Array<number>(count).fill(value);
/** Forty pixels of white letters, forty of their outline, forty half covered, and nothing on the rest. */
const drawn = {
  overBlack: Uint8Array.from([...pixels(40, 235), ...pixels(40, 16), ...pixels(40, 126), ...pixels(80, 16)]),
  overWhite: Uint8Array.from([...pixels(40, 235), ...pixels(40, 16), ...pixels(40, 235), ...pixels(80, 235)]),
};
const cover = coverOf(drawn);

test("what shows through is what differs over black and over white", () => {
  expect([cover[0], cover[40], cover[199]]).toEqual([1, 1, 0]);
  expect(cover[80]).toBeCloseTo(0.5, 1);
});

test("a picture with the text is within what it may be, whatever is behind it", () => {
  for (const behind of [16, 120, 235]) {
    const luma = drawn.overBlack.map((dark, at) => dark + (behind - 16) * (1 - (cover[at] ?? 0)));
    expect(distanceFrom(drawn, cover, luma)).toBeLessThan(2);
  }
});

test("a picture without it is far from that", () => {
  for (const value of [16, 70, 120, 180, 235])
    expect(distanceFrom(drawn, cover, Uint8Array.from(pixels(200, value)))).toBeGreaterThan(60);
});

test("too little text tells nothing", () => {
  const little = cover.map((one, at) => (at < 10 ? one : 0));
  expect(distanceFrom(drawn, little, drawn.overBlack)).toBeUndefined();
});
