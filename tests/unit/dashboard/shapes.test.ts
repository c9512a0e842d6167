import { expect, test } from "bun:test";
import { columns, dots, line, points, roundUp } from "#dashboard/shapes.ts";

test("a chart's points lie in the middle of their parts, lines break at gaps, and columns stand on each other", () => {
  expect(points([0, 5, undefined, 10], 10)).toEqual([[12.5, 100], [37.5, 50], undefined, [87.5, 0]]);
  expect(line(points([0, 5, undefined, 10], 10))).toBe("M12.5 100L37.5 50M87.5 0");
  expect(dots(points([undefined, 1], 2))).toBe("M75 50h0");
  const [below = "", above = ""] = columns([[1], [1]], 2);
  expect([below, above]).toEqual([expect.stringContaining("V50h"), expect.stringContaining("50V0h")]);
});

test.each([
  [0, 1],
  [0.003, 0.005],
  [7, 10],
  [12, 20],
  [100, 100],
] as const)("%d is below %d", (value, top) => expect(roundUp(value)).toBeCloseTo(top));
