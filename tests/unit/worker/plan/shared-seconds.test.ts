import { expect, test } from "bun:test";
import { sharedSeconds } from "#worker/plan/shared-seconds.ts";

test.each([
  ["an hour by 16", 3600, 16, 62],
  ["two hours by 16", 7200, 16, 124],
  ["twenty minutes by 10", 1200, 10, 29],
])(
  "the pieces of %s workers leave room in their rounds for what one does beside them",
  (_, seconds, workers, pieces) => {
    expect(seconds / sharedSeconds(seconds, workers)).toBeCloseTo(pieces);
  },
);

test("no piece is much shorter than a minute, or longer", () => {
  expect(sharedSeconds(600, 16)).toBe(40);
  expect(sharedSeconds(70, 2)).toBe(60);
  expect(sharedSeconds(undefined, 8)).toBe(60);
});
