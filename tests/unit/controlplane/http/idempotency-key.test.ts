import { expect, test } from "bun:test";
import { idempotencyKeyIn } from "#controlplane/http/idempotency-key.ts";

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
