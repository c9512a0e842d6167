import { expect, test } from "bun:test";
import { unacceptedOrder } from "#controlplane/queue/unaccepted-order.ts";

const id = "00000000-0197a2b4-7c1e-7000-8000-000000000001";
const wanted = { inputUrl: "https://example.com/source.mp4", preset: "tiny" };

test("what only a worker chooses is named as not chosen", () => {
  const order = unacceptedOrder(id, wanted);
  expect(order).toMatchObject({ jobId: id, ...wanted, output: { publish: "atomic", overwrite: false } });
  expect([...(order.unchosen ?? [])].sort()).toEqual(["path", "storage", "type"]);
  expect(order).not.toHaveProperty("tenant");
  expect(order).not.toHaveProperty("callbackUrl");
});

test("what the client chose is kept, and not named", () => {
  const output = { storage: "s3", path: "a/b", type: "single", overwrite: true, publish: "progressive" };
  const order = unacceptedOrder(id, { ...wanted, output, tenant: "acme", timeoutMs: 60_000n });
  expect(order).toMatchObject({ tenant: "acme", timeoutMs: 60_000, output });
  expect(order.unchosen ?? []).toEqual([]);
});

test("a storage that does not exist is none that was chosen", () => {
  expect(unacceptedOrder(id, { ...wanted, output: { storage: "tape", path: "a" } }).unchosen).toContain("storage");
});
