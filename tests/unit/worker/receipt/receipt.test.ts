import { expect, test } from "bun:test";
import { receiptOf } from "#worker/receipt/receipt.ts";
import { noUsage } from "#worker/receipt/usage.ts";

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
