import { expect, test } from "bun:test";
import { lackedCapability } from "#controlplane/dispatch/lacked-capability.ts";

test("a worker that signs nothing lacks what an order with a certificate needs", () => {
  const order = { inputUrl: "https://example.com/a.mp4", preset: "tiny" };
  const signed = { ...order, output: { certificate: true } };
  expect(lackedCapability(signed, ["queue"])?.fields).toMatchObject([{ field: "output.certificate" }]);
  expect(lackedCapability(signed, ["certificate"])).toBeUndefined();
  expect(lackedCapability(order, [])).toBeUndefined();
});
