import { expect, test } from "bun:test";
import { samplePieces } from "#worker/quality/sample-moments.ts";

test.each([
  [3, 1],
  [31.9, 1],
  [32, 8],
  [50, 12],
  [64, 16],
  [1_800, 16],
  [7_199, 16],
  [7_200, 20],
])("of %f s so many pieces are taken: %i", (seconds, count) => {
  expect(samplePieces(seconds)).toHaveLength(count);
});

test("a film that is too short for eight pieces is taken whole", () => {
  expect(samplePieces(20)).toEqual([{ start: 0, seconds: 20 }]);
});

test("one piece of 2 s lies in each of equal parts, at uneven distances", () => {
  const pieces = samplePieces(1_600);
  expect(pieces.map(({ start, seconds }) => [Math.floor(start / 100), Math.floor((start + seconds) / 100)])).toEqual(
    Array.from({ length: 16 }, (_, at) => [at, at]),
  );
  expect(pieces.every(({ seconds }) => seconds === 2)).toBe(true);
  const distances = pieces.slice(1).map(({ start }, at) => Math.round(start - (pieces[at]?.start ?? 0)));
  expect(new Set(distances).size).toBeGreaterThan(1);
});

test.each([32, 33.3, 47, 64, 65, 100])("pieces of %f s of film do not overlap and lie within it", (seconds) => {
  const pieces = samplePieces(seconds);
  const ends = pieces.map(({ start, seconds: long }) => start + long);
  expect(pieces.every(({ start }, at) => start >= (ends[at - 1] ?? 0))).toBe(true);
  expect(ends.at(-1)).toBeLessThanOrEqual(seconds);
});
