import { expect, test } from "bun:test";
import { ordinarySource } from "#worker/plan/encoders-of.ts";
import { askedOf } from "#worker/verify/pictures/asked.ts";
import { gridBytes } from "#worker/verify/pictures/grid.ts";

const { video } = ordinarySource;
if (!video) throw new Error("the ordinary source has a video");
const hd = { ...video, width: 1_920, height: 1_080, sampleAspect: 1, rotation: 0 };

test("nothing is asked of a picture that stays as it is", () => {
  const asked = askedOf({ denoise: "light" }, hd);
  expect(asked.filters).toEqual([]);
  expect(asked.shapeOf(16 / 9)).toBeCloseTo(16 / 9);
});

test("a part is told in shares of the picture", () => {
  const asked = askedOf({ rotate: 90, crop: { x: 0, y: 960, width: 1_080, height: 480 } }, hd);
  expect(asked.filters).toEqual(["transpose=dir=clock", "crop=w=iw*1:h=ih*0.25:x=iw*0:y=ih*0.5"]);
  expect(asked.shapeOf(16 / 9)).toBeCloseTo(1_080 / 480);
});

test("what fills a frame is its middle, and what is stretched all of it", () => {
  const cover = askedOf({ width: 540, height: 540, fit: "cover" }, hd);
  expect(cover.shapeOf(16 / 9)).toBeCloseTo(1);
  expect(cover.frameShape).toBe(1);
  const grid = new Uint8Array(gridBytes).fill(200);
  expect(askedOf({ width: 540, height: 540, fit: "stretch" }, hd).inFrame(grid, 16 / 9)).toBe(grid);
});

test("what lies in a frame has bars of the colour that is asked for", () => {
  const grid = new Uint8Array(gridBytes).fill(200);
  const lying = askedOf({ width: 540, height: 960, background: "#102030" }, hd).inFrame(grid, 2);
  expect([...lying.subarray(0, 3)]).toEqual([16, 32, 48]);
  expect([...lying.subarray(gridBytes / 2, gridBytes / 2 + 3)]).toEqual([200, 200, 200]);
});
