import { expect, test } from "bun:test";
import { joinedSpans, missingSpans, sizeOf } from "#worker/source/byte-spans.ts";

const spans = (...pairs: readonly [number, number][]) => pairs.map(([from, to]) => ({ from, to }));

test("spans that lie near each other are one, and none goes beyond the end", () => {
  expect(joinedSpans(spans([50, 60], [0, 10], [12, 20], [95, 120], [200, 210]), 100, 5)).toEqual(
    spans([0, 20], [50, 60], [95, 100]),
  );
  expect(joinedSpans(spans([0, 50], [10, 20]), 100, 5)).toEqual(spans([0, 50]));
});

test("of what is wanted only that is missing which is not there", () => {
  const missing = missingSpans(spans([0, 100]), spans([0, 10], [40, 50], [90, 200]));
  expect(missing).toEqual(spans([10, 40], [50, 90]));
  expect(sizeOf(missing)).toBe(70);
  expect(missingSpans(spans([20, 30]), spans([0, 100]))).toEqual([]);
});
