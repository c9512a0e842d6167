import { expect, test } from "bun:test";
import { together } from "#shared/async/together.ts";
import { rejection } from "#tests/support/outcome.ts";

/** Work whose end is told from outside. */
function makeWork() {
  const begun: number[] = [];
  const ends = new Map<number, { resolve(value: string): void; reject(error: Error): void }>();
  const work = (one: number) => {
    begun.push(one);
    const { promise, ...end } = Promise.withResolvers<string>();
    ends.set(one, end);
    return promise;
  };
  return { begun, work, end: (one: number) => ends.get(one)?.resolve(`${one} done`), ends };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("no more are under way than may be, and the results keep their order", async () => {
  const { begun, work, end } = makeWork();
  const results = together(2, [1, 2, 3], work);
  await settled();
  expect(begun).toEqual([1, 2]);
  end(2);
  await settled();
  expect(begun).toEqual([1, 2, 3]);
  end(3);
  end(1);
  expect(await results).toEqual(["1 done", "2 done", "3 done"]);
});

test("after a failure none is begun, and it is thrown when those under way are over", async () => {
  const { begun, work, end, ends } = makeWork();
  const results = together(2, [1, 2, 3], work);
  let isOver = false;
  const failed = rejection(results).finally(() => {
    isOver = true;
  });
  await settled();
  ends.get(1)?.reject(new Error("no"));
  await settled();
  expect({ isOver, begun }).toEqual({ isOver: false, begun: [1, 2] });
  end(2);
  expect(await failed).toMatchObject({ message: "no" });
  expect(begun).toEqual([1, 2]);
});
