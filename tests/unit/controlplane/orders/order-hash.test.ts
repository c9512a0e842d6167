import { expect, test } from "bun:test";
import { orderHash } from "#controlplane/orders/order-hash.ts";

test("an order is the same in whatever order its fields are written, and another when one differs", () => {
  const [input_url, preset] = ["https://example.com/a.mp4", "tiny"];
  const hash = orderHash({ input_url, preset, output: { path: "a.mp4", metadata: { a: "1", b: "2" } } });
  expect(orderHash({ output: { metadata: { b: "2", a: "1" }, path: "a.mp4" }, preset, input_url })).toEqual(hash);
  expect(orderHash({ output: { metadata: { b: "2", a: "2" }, path: "a.mp4" }, preset, input_url })).not.toEqual(hash);
});
