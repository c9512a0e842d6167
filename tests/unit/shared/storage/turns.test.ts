import { expect, test } from "bun:test";
import { makeTurns } from "#shared/storage/turns.ts";
import { rejection } from "#tests/support/outcome.ts";

const signal = new AbortController().signal;

test("lets so many go on together, and the others in the order they came", async () => {
  const turn = makeTurns(2);
  const entered: number[] = [];
  const enter = async (index: number) => {
    const mine = await turn(signal);
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

test("lets one that waits leave, and loses no turn by it", async () => {
  const turn = makeTurns(1);
  const held = await turn(signal);
  const leaving = new AbortController();
  const reason = new Error("cancelled");
  const waiting = turn(leaving.signal);
  const next = turn(signal);
  leaving.abort(reason);
  expect(await rejection(waiting)).toBe(reason);
  held[Symbol.dispose]();
  (await next)[Symbol.dispose]();
  (await turn(signal))[Symbol.dispose]();
  expect(await rejection(turn(leaving.signal))).toBe(reason);
});
