import { expect, test } from "bun:test";
import { makeSlots } from "#worker/slots.ts";

test("no more slots are given than there are, and a freed one is given again", () => {
  const slots = makeSlots(2);
  const first = slots.tryTake();
  slots.tryTake();
  expect(slots.tryTake()).toBeUndefined();
  first?.[Symbol.dispose]();
  first?.[Symbol.dispose]();
  expect(slots.taken).toBe(1);
  expect(slots.tryTake()).toBeDefined();
  expect(slots.tryTake()).toBeUndefined();
});

test("who waits for a slot gets the next one that is freed, in the order of asking", async () => {
  const slots = makeSlots(1);
  const held = slots.tryTake();
  const order: string[] = [];
  const waiting = ["first", "second"].map(async (name) => {
    using _slot = await slots.take();
    order.push(name);
    expect(slots.taken).toBe(1);
  });
  held?.[Symbol.dispose]();
  await Promise.all(waiting);
  expect(order).toEqual(["first", "second"]);
  expect(slots.taken).toBe(0);
});
