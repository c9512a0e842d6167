import { expect, test } from "bun:test";
import { makeSemaphore } from "#shared/async/semaphore.ts";
import { rejection } from "#tests/support/outcome.ts";

test("no more permits are given than there are, and a returned one is given again", () => {
  const semaphore = makeSemaphore(2);
  const first = semaphore.tryAcquire();
  semaphore.tryAcquire();
  expect(semaphore.tryAcquire()).toBeUndefined();
  first?.[Symbol.dispose]();
  first?.[Symbol.dispose]();
  expect(semaphore.inUse).toBe(1);
  expect(semaphore.tryAcquire()).toBeDefined();
  expect(semaphore.tryAcquire()).toBeUndefined();
});

test("who waits for a permit gets the next one that is returned, in the order of asking", async () => {
  const semaphore = makeSemaphore(1);
  const held = semaphore.tryAcquire();
  const order: string[] = [];
  const waiting = ["first", "second"].map(async (name) => {
    using _permit = await semaphore.acquire();
    order.push(name);
    expect(semaphore.inUse).toBe(1);
  });
  held?.[Symbol.dispose]();
  await Promise.all(waiting);
  expect(order).toEqual(["first", "second"]);
  expect(semaphore.inUse).toBe(0);
});

test("lets so many go on together, and the others in the order they came", async () => {
  const semaphore = makeSemaphore(2);
  const entered: number[] = [];
  const enter = async (index: number) => {
    const mine = await semaphore.acquire();
    entered.push(index);
    return mine;
  };
  const [first, second, third, fourth] = [enter(1), enter(2), enter(3), enter(4)];
  (await first)[Symbol.dispose]();
  const held = await third;
  expect(entered).toEqual([1, 2, 3]);
  (await second)[Symbol.dispose]();
  held[Symbol.dispose]();
  (await fourth)[Symbol.dispose]();
  expect(entered).toEqual([1, 2, 3, 4]);
});

test("a permit is only given when it may be, and who waits is not overtaken", async () => {
  let hasMemory = false;
  const semaphore = makeSemaphore(3, (inUse) => inUse === 0 || hasMemory);
  const first = semaphore.tryAcquire();
  expect(first).toBeDefined();
  expect(semaphore.tryAcquire()).toBeUndefined();

  const waiting = semaphore.acquire();
  hasMemory = true;
  expect(semaphore.tryAcquire()).toBeUndefined();
  first?.[Symbol.dispose]();
  await waiting;
  expect(semaphore.tryAcquire()).toBeDefined();
});

test("lets one that waits leave, and loses no permit by it", async () => {
  const semaphore = makeSemaphore(1);
  const held = await semaphore.acquire();
  const leaving = new AbortController();
  const reason = new Error("cancelled");
  const waiting = semaphore.acquire(leaving.signal);
  const next = semaphore.acquire();
  leaving.abort(reason);
  expect(await rejection(waiting)).toBe(reason);
  held[Symbol.dispose]();
  (await next)[Symbol.dispose]();
  (await semaphore.acquire())[Symbol.dispose]();
  expect(await rejection(semaphore.acquire(leaving.signal))).toBe(reason);
});
