import { expect, test } from "bun:test";
import { consecutive } from "#controlplane/uploads/consecutive-parts.ts";

test.each([
  [[], []],
  [
    [1, 2, 3],
    [1, 2, 3],
  ],
  [[1, 3, 4], [1]],
  [[2, 3], []],
])("of the parts %j these are whole: %j", (numbers, whole) => {
  const parts = numbers.map((PartNumber) => ({ PartNumber }));
  expect(consecutive(parts).map(({ PartNumber }) => PartNumber)).toEqual(whole);
});
