import { expect, test } from "bun:test";
import { chooseRungs } from "#worker/quality/adaptive-ladder.ts";

/** What each rendition has in its own size, and how much of that one below has when it is shown there. */
const choose = (own: readonly number[], shown: Readonly<Record<string, number>>) => {
  const asked: string[] = [];
  const scaledUp = async (lower: number, higher: number) => {
    asked.push(`${lower} in ${higher}`);
    return shown[`${lower} in ${higher}`] ?? Number.NaN;
  };
  return chooseRungs(own, scaledUp).then((chosen) => ({ ...chosen, asked }));
};

test("a rendition stays that looks better by 2 or more than the one below in its size", async () => {
  const { kept, dropped } = await choose([95, 94, 90], { "1 in 0": 93, "2 in 1": 80 });
  expect({ kept, dropped }).toEqual({ kept: [0, 1, 2], dropped: [] });
});

test("one that gains less is left out, and the next is held against what stays", async () => {
  const { kept, dropped, asked } = await choose([95, 94, 90], { "2 in 1": 92.5, "2 in 0": 88 });
  expect(kept).toEqual([0, 2]);
  expect(dropped).toEqual([{ at: 1, lower: 2, gain: 1.5 }]);
  expect(asked).toEqual(["2 in 1", "2 in 0"]);
});

test("the lowest stays, whatever it looks like", async () => {
  const { kept, dropped } = await choose([95, 94.9, 94.8], { "2 in 1": 94, "2 in 0": 94 });
  expect(kept).toEqual([2]);
  expect(dropped.map(({ at }) => at)).toEqual([0, 1]);
});
