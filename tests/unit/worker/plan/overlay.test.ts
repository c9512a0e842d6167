import { expect, test } from "bun:test";
import { areaOf } from "#worker/plan/overlay.ts";

const picture = { width: 200, height: 100 };
const best = { width: 1_920, height: 1_080 };

test("an overlay keeps its shape and its place in each rendition", () => {
  expect(areaOf({ picture, width: 192, margin: 20, position: "top_left" }, best, best)).toEqual({
    ...{ width: 192, height: 96, x: 20, y: 20 },
  });
  const half = { width: 960, height: 540 };
  expect(areaOf({ picture, width: 192, margin: 20, position: "bottom_right" }, half, best)).toEqual({
    ...{ width: 96, height: 48, x: 960 - 96 - 10, y: 540 - 48 - 10 },
  });
  expect(areaOf({ picture, width: "10%", position: "center" }, best, best)).toEqual({
    ...{ width: 192, height: 96, x: 864, y: 492 },
  });
});

test("an overlay is no larger than the picture, whatever is asked for", () => {
  const wide = areaOf({ picture, width: 4_096, margin: "50%" }, { width: 64, height: 96 }, best);
  expect(wide).toEqual({ width: 64, height: 32, x: 0, y: 32 });
  expect(areaOf({ picture: { width: 10, height: 4_000 }, width: "100%" }, best, best).height).toBe(1_080);
});
