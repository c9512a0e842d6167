import { expect, test } from "bun:test";
import * as v from "valibot";
import { receiptFromJson, StoredReceipt } from "#shared/job/receipt.ts";

test("a receipt of an earlier version is read, without what was not counted then", () => {
  const earlier = { worker_seconds: 3, cpu_seconds: 4, bytes_in: 5, bytes_out: 6 };
  expect(receiptFromJson(v.parse(StoredReceipt, earlier))).toMatchObject({
    workerSeconds: 3,
    bytesOut: 6,
    storageRequests: 0,
    mediaSeconds: 0,
  });
});
