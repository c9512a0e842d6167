import { expect, test } from "bun:test";
import { makeClock, makeShares } from "#worker/receipt/clock.ts";
import { makeMeter } from "#worker/receipt/meter.ts";
import { receiptOf } from "#worker/receipt/receipt.ts";
import { noUsage } from "#worker/receipt/usage.ts";

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

test("a fetch that begins anew adds to what was fetched", () => {
  const meter = makeMeter();
  for (const bytes of [10, 50, 0, 20]) meter.fetched(bytes);
  expect(meter.usage().bytesIn).toBe(70);
});

test("the next attempt goes on from what the last one took", async () => {
  const before = { ...noUsage, cpuSeconds: 3, workerSeconds: 7, bytesIn: 100 };
  const meter = makeMeter(before);
  meter.fetched(11);
  await meter.attempt(async () => {});
  expect(meter.usage()).toMatchObject({ cpuSeconds: 3, bytesIn: 111 });
  expect(meter.usage().workerSeconds).toBeGreaterThanOrEqual(7);
});

test("a receipt has a cost when there is a price, for its share of the time", () => {
  const usage = { ...noUsage, workerSeconds: 1_800, shareSeconds: 900 };
  expect(receiptOf(usage, { attempts: 2, coldStartMs: 1_500 })).toMatchObject({
    attempts: 2,
    coldStartSeconds: 1.5,
    workerSeconds: 1_800,
  });
  expect(receiptOf(usage, { attempts: 1 })).not.toHaveProperty("cost");
  expect(receiptOf(usage, { attempts: 1, pricePerHour: 0.6 }).cost).toBe(0.15);
  expect(receiptOf(usage, { attempts: 1, pricePerHour: 0 }).cost).toBe(0);
});
