import { expect, test } from "bun:test";
import { makeRing } from "#controlplane/dispatch/ring.ts";

test("the turn goes to the one after the one chosen last", () => {
  const ring = makeRing(["a", "b", "c"], 1);
  expect(ring.inOrder()).toEqual(["b", "c", "a"]);
  ring.chose("c");
  expect(ring.inOrder()).toEqual(["a", "b", "c"]);
  ring.chose("a");
  expect(ring.inOrder()).toEqual(["b", "c", "a"]);
});
