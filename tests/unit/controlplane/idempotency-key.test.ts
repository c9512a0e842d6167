import { expect, test } from "bun:test";
import { idempotencyKeyIn } from "#controlplane/http/idempotency-key.ts";
import { orderHash } from "#controlplane/orders/order-hash.ts";

test.each([
  [undefined, undefined],
  ["8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"],
  ['"8e03978e"', "8e03978e"],
  ['"with \\"words\\" and \\\\"', 'with "words" and \\'],
])("reads the key in %p", (header, key) => {
  expect(idempotencyKeyIn(header)).toBe(key);
});

test.each(["", '""', "two words", '"open', '"a"b"', '"bad \\escape"', "käse"])("refuses %p as a key", (header) => {
  expect(() => idempotencyKeyIn(header)).toThrow("Idempotency-Key: ");
});

test("a key has 255 characters at most", () => {
  expect(idempotencyKeyIn("k".repeat(255))).toBe("k".repeat(255));
  for (const key of ["k".repeat(256), `"${"k".repeat(256)}"`])
    expect(() => idempotencyKeyIn(key)).toThrow("use 1 to 255");
});

test("an order is the same in whatever order its fields are written, and another when one differs", () => {
  const [input_url, preset] = ["https://example.com/a.mp4", "tiny"];
  const hash = orderHash({ input_url, preset, output: { path: "a.mp4", metadata: { a: "1", b: "2" } } });
  expect(orderHash({ output: { metadata: { b: "2", a: "1" }, path: "a.mp4" }, preset, input_url })).toEqual(hash);
  expect(orderHash({ output: { metadata: { b: "2", a: "2" }, path: "a.mp4" }, preset, input_url })).not.toEqual(hash);
});
