import { expect, test } from "bun:test";
import { makeBuckets } from "#controlplane/auth/buckets.ts";

test("a bucket gives out its quota and fills up evenly", () => {
  let time = 0;
  const buckets = makeBuckets(() => time);
  const rate = { quota: 60, windowMs: 60_000 };
  expect(buckets.take("a", rate)).toMatchObject({ isAllowed: true, remaining: 59, resetSeconds: 1 });
  for (let n = 0; n < 59; n += 1) buckets.take("a", rate);
  expect(buckets.take("a", rate)).toEqual({ isAllowed: false, remaining: 0, resetSeconds: 60, retrySeconds: 1 });
  expect(buckets.peek("b", rate)).toMatchObject({ isAllowed: true, remaining: 60 });
  time += 1_500;
  expect(buckets.take("a", rate)).toMatchObject({ isAllowed: true, remaining: 0 });
  expect(buckets.take("a", rate)).toMatchObject({ isAllowed: false, retrySeconds: 1 });
  time += 3_600_000;
  expect(buckets.take("a", rate)).toMatchObject({ remaining: 59 });
});

test("a clock that is set back locks nobody out", () => {
  let time = 7_200_000;
  const buckets = makeBuckets(() => time);
  const rate = { quota: 60, windowMs: 60_000 };
  buckets.take("a", rate);
  time -= 3_600_000;
  expect(buckets.take("a", rate)).toMatchObject({ isAllowed: true, remaining: 58 });
});
