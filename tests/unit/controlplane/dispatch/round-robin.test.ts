import { expect, test } from "bun:test";
import { makeRoundRobin } from "#controlplane/dispatch/round-robin.ts";

test("the turn goes to the one after the one chosen last", () => {
  const roundRobin = makeRoundRobin(() => ["a", "b", "c"], 0.4);
  expect(roundRobin.inOrder()).toEqual(["b", "c", "a"]);
  roundRobin.chose("c");
  expect(roundRobin.inOrder()).toEqual(["a", "b", "c"]);
  roundRobin.chose("a");
  expect(roundRobin.inOrder()).toEqual(["b", "c", "a"]);
});

test("the turn goes on where it was when items come and go", () => {
  let items = ["a", "b", "c"];
  const roundRobin = makeRoundRobin(() => items, 0);
  roundRobin.chose("b");
  items = ["0", "a", "b", "c"];
  expect(roundRobin.inOrder()).toEqual(["c", "0", "a", "b"]);
  items = ["a", "c"];
  expect(roundRobin.inOrder()).toEqual(["c", "a"]);
  items = [];
  expect(roundRobin.inOrder()).toEqual([]);
  items = ["a"];
  expect(roundRobin.inOrder()).toEqual(["a"]);
});

test("a start at random is one of the items that are there when it is first asked for", () => {
  let items: string[] = [];
  const roundRobin = makeRoundRobin(() => items, 0.99);
  expect(roundRobin.inOrder()).toEqual([]);
  items = ["a", "b"];
  expect(roundRobin.inOrder()).toEqual(["b", "a"]);
});
