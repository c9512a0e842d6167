import { expect, test } from "bun:test";
import { sharedSeconds } from "#worker/plan/shared-seconds.ts";

test.each([
  ["an hour by 16", 3600, 16, 63],
  ["ten minutes by 2", 600, 2, 11],
  ["twenty minutes by 10", 1200, 10, 29],
])("the pieces of %s workers and the sounds are whole rounds", (_, seconds, workers, pieces) => {
  expect(seconds / sharedSeconds(seconds, workers)).toBeCloseTo(pieces);
  expect((pieces + 1) % workers).toBe(0);
});

test("no piece is much shorter than a minute, or longer", () => {
  expect(sharedSeconds(600, 16)).toBe(40);
  expect(sharedSeconds(70, 2)).toBe(40);
  expect(sharedSeconds(undefined, 8)).toBe(60);
});
