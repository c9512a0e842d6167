import { expect, test } from "bun:test";
import { patience } from "#controlplane/patience.ts";

test("it ends with the first of its signals, also with one that has ended before", () => {
  const [one, two] = [new AbortController(), new AbortController()];
  using until = patience([one.signal, two.signal]);
  expect(until.signal.aborted).toBe(false);
  const why = new Error("enough");
  two.abort(why);
  expect([until.signal.aborted, until.signal.reason]).toEqual([true, why]);
  using over = patience([two.signal]);
  expect([over.signal.aborted, over.signal.reason]).toEqual([true, why]);
});

test("it ends after its time, which may be for ever", async () => {
  using brief = patience([], 0);
  using endless = patience([], Number.POSITIVE_INFINITY);
  await new Promise((resolve) => brief.signal.addEventListener("abort", resolve));
  expect(endless.signal.aborted).toBe(false);
});

test("once disposed it ends no more", () => {
  const one = new AbortController();
  const until = patience([one.signal]);
  until[Symbol.dispose]();
  one.abort();
  expect(until.signal.aborted).toBe(false);
});
