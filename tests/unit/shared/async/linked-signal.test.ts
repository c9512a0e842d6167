import { expect, test } from "bun:test";
import { linkedSignal } from "#shared/async/linked-signal.ts";

test("it ends with the first of its signals, also with one that has ended before", () => {
  const [one, two] = [new AbortController(), new AbortController()];
  using linked = linkedSignal([one.signal, two.signal]);
  expect(linked.signal.aborted).toBe(false);
  const why = new Error("enough");
  two.abort(why);
  expect([linked.signal.aborted, linked.signal.reason]).toEqual([true, why]);
  using over = linkedSignal([two.signal]);
  expect([over.signal.aborted, over.signal.reason]).toEqual([true, why]);
});

test("it ends after its time, which may be for ever", async () => {
  using brief = linkedSignal([], 0);
  using endless = linkedSignal([], Number.POSITIVE_INFINITY);
  await new Promise((resolve) => brief.signal.addEventListener("abort", resolve));
  expect(endless.signal.aborted).toBe(false);
});

test("once disposed it ends no more", () => {
  const one = new AbortController();
  const linked = linkedSignal([one.signal]);
  linked[Symbol.dispose]();
  one.abort();
  expect(linked.signal.aborted).toBe(false);
});
