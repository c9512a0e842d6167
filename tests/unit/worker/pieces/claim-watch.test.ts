import { expect, test } from "bun:test";
import { makeClaimWatch } from "#worker/pieces/claim-watch.ts";

test("a claim is alive for so long after what was written for it last, as the reader saw it", () => {
  let now = 0;
  const { saw, isAlive } = makeClaimWatch(60, () => now);
  expect(isAlive(3, 1)).toBe(false);
  saw(3, 1, undefined);
  now = 59;
  expect([isAlive(3, 1), isAlive(3, 2), isAlive(4, 1)]).toEqual([true, false, false]);
  saw(3, 1, "1");
  now = 118;
  saw(3, 1, "1");
  expect(isAlive(3, 1)).toBe(true);
  now = 119;
  saw(3, 1, "1");
  expect(isAlive(3, 1)).toBe(false);
  saw(3, 1, "2");
  expect(isAlive(3, 1)).toBe(true);
});

test("an attempt that has failed is not alive, whatever is still written for it", () => {
  const { saw, isLost, isAlive } = makeClaimWatch(60, () => 0);
  saw(0, 1, "1");
  isLost(0, 1);
  saw(0, 1, "2");
  saw(0, 2, "1");
  expect([isAlive(0, 1), isAlive(0, 2)]).toEqual([false, true]);
  saw(0, 2, "lost");
  expect(isAlive(0, 2)).toBe(false);
});
