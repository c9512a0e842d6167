import { expect, test } from "bun:test";
import { makeClock, makeShares } from "#worker/receipt/clock.ts";

test("what goes on at the same time takes its time once", async () => {
  let now = 10;
  const clock = makeClock(5, () => now);
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const both = [clock.time(() => first.promise), clock.time(() => second.promise)];
  now = 12;
  first.resolve();
  await both[0];
  now = 13;
  expect(clock.seconds()).toBe(8);
  second.resolve();
  await both[1];
  now = 99;
  expect(clock.seconds()).toBe(8);
});

test("a worker's time is divided among the jobs that run, and none is counted twice", async () => {
  let now = 0;
  const shares = makeShares(() => now);
  const [alone, other] = [shares(), shares(100)];
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const begun = alone.time(() => first.promise);
  now = 10;
  const joined = other.time(() => second.promise);
  now = 16;
  expect([alone.seconds(), other.seconds()]).toEqual([13, 103]);
  first.resolve();
  await begun;
  now = 20;
  second.resolve();
  await joined;
  now = 50;
  expect([alone.seconds(), other.seconds()]).toEqual([13, 107]);
});
