import { expect, test } from "bun:test";
import { makeRoundRobin } from "#controlplane/dispatch/round-robin.ts";

test("the turn goes to the one after the one chosen last", () => {
  const roundRobin = makeRoundRobin(["a", "b", "c"], 1);
  expect(roundRobin.inOrder()).toEqual(["b", "c", "a"]);
  roundRobin.chose("c");
  expect(roundRobin.inOrder()).toEqual(["a", "b", "c"]);
  roundRobin.chose("a");
  expect(roundRobin.inOrder()).toEqual(["b", "c", "a"]);
});
