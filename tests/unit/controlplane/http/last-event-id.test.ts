import { expect, test } from "bun:test";
import { sequenceIn } from "#controlplane/http/last-event-id.ts";

test("reads the number of the last event", () => {
  expect(sequenceIn("1000007")).toBe(1_000_007);
});

test.each([[undefined], [""], ["latest"]])("takes %p for the beginning", (header) => {
  expect(sequenceIn(header)).toBe(0);
});
