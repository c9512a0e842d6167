import { expect, test } from "bun:test";
import { barsOf, madeOfPieces, piecesWords } from "#dashboard/pieces-words.ts";

test("workers are told where there is more than one", () => {
  expect(piecesWords({ done: 7, total: 12, workers: 1 })).toBe("7/12 pieces");
  expect(piecesWords({ done: 7, total: 12, workers: 3 })).toBe("7/12 pieces on 3 workers");
  expect(madeOfPieces({ done: 12, total: 12, workers: 3 })).toBe("12 pieces on 3 workers");
});

test.each([
  ["no more are shown being encoded than are left", { done: 3, total: 4, workers: 3 }, "done done done now"],
  ["all are open while nobody encodes", { done: 0, total: 2, workers: 0 }, "open open"],
  ["an impossible count breaks nothing", { done: 3, total: 2, workers: 1 }, "done done done"],
])("%s", (_, pieces, states) => {
  expect(barsOf(pieces).map(({ state }) => state)).toEqual(states.split(" ") as never);
});

test("of very many pieces there are three bars, as wide as their pieces are many", () => {
  expect(barsOf({ done: 100, total: 3_600, workers: 4 })).toEqual([
    { state: "done", share: 100 },
    { state: "now", share: 4 },
    { state: "open", share: 3_496 },
  ]);
});
