import { expect, test } from "bun:test";
import { memoryAllows } from "#worker/limits/admission.ts";

test("jobs are counted before they have taken their memory", () => {
  const allows = memoryAllows(100, () => 350);
  expect([0, 1, 2, 3].map(allows)).toEqual([true, true, true, false]);
});

test("what jobs really take counts when it is more", () => {
  let free = 1_000;
  const allows = memoryAllows(100, () => free);
  expect(allows(0)).toBe(true);
  free = 90;
  expect(allows(1)).toBe(false);
  free = 500;
  expect(allows(1)).toBe(true);
});

test("a worker without a job takes one, however little there is", () => {
  expect(memoryAllows(100, () => 0)(0)).toBe(true);
});

test("where memory is not known, it does not matter", () => {
  const allows = memoryAllows(100, () => undefined);
  expect([0, 1, 50].map(allows)).toEqual([true, true, true]);
});
