import { expect, test } from "bun:test";
import { columns, line, points, roundUp } from "#dashboard/shapes.ts";

test("a chart's points fill its field, and columns stand on each other", () => {
  expect(line(points([10, 20, 30], [0, 5, 10], 10))).toBe("M0 100L50 50L100 0");
  expect(points([7], [1], 2)).toEqual([[0, 50]]);
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
