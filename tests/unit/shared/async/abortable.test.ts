import { expect, test } from "bun:test";
import { abortable } from "#shared/async/abortable.ts";
import { rejection } from "#tests/support/outcome.ts";

const never = new Promise<never>(() => {});
const reason = new Error("cancelled");

test("the outcome is that of the work", async () => {
  const { signal } = new AbortController();
  expect(await abortable(Promise.resolve("done"), signal)).toBe("done");
  expect(await rejection(abortable(Promise.reject(new Error("failed")), signal))).toEqual(new Error("failed"));
});

test("an abort is a rejection with its reason, also one from before, and what becomes of the work is not heard", async () => {
  const leaving = new AbortController();
  const waiting = abortable(never, leaving.signal);
  leaving.abort(reason);
  expect(await rejection(waiting)).toBe(reason);
  const work = Promise.withResolvers<never>();
  const late = abortable(work.promise, leaving.signal);
  work.reject(new Error("failed"));
  expect(await rejection(late)).toBe(reason);
});
