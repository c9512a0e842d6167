import { expect, test } from "bun:test";
import * as v from "valibot";
import { Moment } from "#shared/job/moment.ts";

test.each([
  [0, 0],
  [12.5, 12.5],
  ["0:25", 25],
  ["1:02:03.5", 3_723.5],
  ["00:00:01.001", 1.001],
])("%p is a moment", (written, seconds) => {
  expect(v.parse(Moment, written)).toBeCloseTo(seconds, 9);
});

test.each([-1, 360_000, Number.NaN, "", "12.5", "0:60", "60:00", "1:2:3", "12s", null])("%p is none", (written) => {
  expect(v.is(Moment, written)).toBe(false);
});
