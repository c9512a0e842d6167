import { expect, test } from "bun:test";
import { makeMeter } from "#worker/receipt/meter.ts";
import { noUsage } from "#worker/receipt/usage.ts";

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

test("media that a crash came too soon after are counted when the next attempt finds them", () => {
  const meter = makeMeter({ ...noUsage, mediaSeconds: 10 });
  meter.isEncoded(14);
  meter.encoded(3);
  expect(meter.usage().mediaSeconds).toBe(17);
  meter.isEncoded(14);
  expect(meter.usage().mediaSeconds).toBe(17);
});
