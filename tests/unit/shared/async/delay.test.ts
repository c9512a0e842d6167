import { expect, test } from "bun:test";
import { delay } from "#shared/async/delay.ts";

const longMs = 3_600_000;

test("it ends after its time", async () => {
  const begun = performance.now();
  await delay(5, new AbortController().signal);
  expect(performance.now() - begun).toBeGreaterThan(3);
  await delay(1);
});

test("an abort ends it at once and is no error", async () => {
  const leaving = new AbortController();
  const waiting = delay(longMs, leaving.signal);
  leaving.abort(new Error("enough"));
  await waiting;
  await delay(longMs, leaving.signal);
});

test("nothing is waited for where no time is given", async () => {
  const order: string[] = [];
  const waiting = delay(0).then(() => order.push("waited"));
  await Promise.resolve().then(() => order.push("next"));
  await waiting;
  expect(order).toEqual(["waited", "next"]);
});
