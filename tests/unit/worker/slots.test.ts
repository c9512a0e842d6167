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

test("a slot is only given when there is room besides, and who waits is not overtaken", async () => {
  let hasMemory = false;
  const slots = makeSlots(3, (running) => running === 0 || hasMemory);
  const first = slots.tryTake();
  expect(first).toBeDefined();
  expect(slots.tryTake()).toBeUndefined();

  const waiting = slots.take();
  hasMemory = true;
  expect(slots.tryTake()).toBeUndefined();
  first?.[Symbol.dispose]();
  await waiting;
  expect(slots.tryTake()).toBeDefined();
});
