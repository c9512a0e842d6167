import { expect, test } from "bun:test";
import { bitRatesOf } from "#worker/manifests/bit-rates.ts";

/** A track whose segments last so many seconds and have so many bytes. */
function rates(targetDuration: number, ...segments: readonly (readonly [number, number])[]) {
  const sizes = new Map(segments.map(([, bytes], at) => [String(at), bytes]));
  const named = segments.map(([seconds], at) => ({ name: String(at), seconds }));
  return bitRatesOf({ targetDuration, segments: named }, (name) => sizes.get(name));
}

test("the average is of all segments, the peak of the fullest", () => {
  expect(rates(4, [4, 1_000], [4, 3_000], [2, 500])).toEqual({
    bytes: 4_500,
    seconds: 10,
    average: 3_600,
    peak: 6_000,
  });
});

test("a short last segment counts with those before it, not alone", () => {
  // One of 0.4 s alone would be 20,000 bits per second.
  expect(rates(4, [4, 1_000], [0.4, 1_000])?.peak).toBeCloseTo((2_000 * 8) / 4.4, 6);
  expect(rates(4, [4, 1_000], [4, 1_000], [2, 1_000])?.peak).toBe(4_000);
});

test("segments far below the target duration count together", () => {
  expect(rates(4, [1, 100], [1, 900], [1, 900], [1, 100])?.peak).toBe(7_200);
});

test("what is shorter than half its target duration is all one run", () => {
  expect(rates(1, [0.4, 100])).toMatchObject({ peak: 2_000, average: 2_000 });
  expect(rates(0, [0.4, 100])).toMatchObject({ peak: 2_000 });
});

test("without segments, or the size of one, nothing is known", () => {
  expect(rates(4)).toBeUndefined();
  expect(bitRatesOf({ targetDuration: 4, segments: [{ name: "0", seconds: 4 }] }, () => undefined)).toBeUndefined();
});

test("parts of one file have sizes of their own", () => {
  const segments = [1_000, 2_000].map((bytes) => ({ name: "all.ts", seconds: 4, bytes }));
  expect(bitRatesOf({ targetDuration: 4, segments }, () => 3_000)).toMatchObject({ bytes: 3_000, peak: 4_000 });
});
