import { expect, test } from "bun:test";
import { completeUntil, extend, nextRange, splitRange } from "#worker/source/byte-ranges.ts";

test("divides what is left into equal stretches without a gap", () => {
  expect(splitRange(10, 21, 3)).toEqual([
    { at: 10, end: 13, isHeld: false },
    { at: 13, end: 17, isHeld: false },
    { at: 17, end: 21, isHeld: false },
  ]);
});

test("a free connection takes what a failed one left before it helps another", () => {
  const ranges = [
    { at: 0, end: 100, isHeld: true },
    { at: 180, end: 200, isHeld: false },
  ];
  expect(nextRange(ranges, 10)).toBe(ranges[1]);
});

test("a free connection takes the latter half of what takes longest", () => {
  const ranges = [
    { at: 60, end: 100, isHeld: true },
    { at: 110, end: 200, isHeld: true },
  ];
  expect(nextRange(ranges, 10)).toMatchObject({ at: 155, end: 200 });
  expect(ranges[1]).toMatchObject({ at: 110, end: 155 });
});

test("helps nobody who is nearly there", () => {
  expect(nextRange([{ at: 81, end: 100, isHeld: true }], 10)).toBeUndefined();
});

test.each([
  [[[0, 10]], 0],
  [
    [
      [4, 10],
      [10, 20],
    ],
    4,
  ],
  [
    [
      [10, 10],
      [12, 20],
    ],
    12,
  ],
  [
    [
      [10, 10],
      [20, 20],
    ],
    20,
  ],
  [
    [
      [10, 10],
      [20, 30],
      [20, 20],
    ],
    20,
  ],
])("%j is whole until %i", (ranges, expected) => {
  expect(completeUntil(ranges.map(([at = 0, end = 0]) => ({ at, end, isHeld: false })))).toBe(expected);
});

test("goes on over what nobody has", () => {
  const [first, second] = [
    { at: 9, end: 10, isHeld: true },
    { at: 12, end: 20, isHeld: false },
  ];
  extend([second, first], first);
  expect([first, second]).toMatchObject([{ end: 20 }, { at: 20 }]);
});

test.each([
  { at: 12, end: 20, isHeld: true },
  { at: 20, end: 20, isHeld: false },
])("does not go on over %j", (second) => {
  const first = { at: 9, end: 10, isHeld: true };
  extend([first, second], first);
  expect(first.end).toBe(10);
});
