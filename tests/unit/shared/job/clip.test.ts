import { expect, test } from "bun:test";
import * as v from "valibot";
import { ClipOrder, clipFromMessage, clipOfText, clipProblem } from "#shared/job/clip.ts";

test.each([
  [{ start: 12.5 }, { start: 12.5 }],
  [
    { start: "0:10", end: "0:25" },
    { start: 10, end: 25 },
  ],
  [
    { start: "00:01:30.5", end: 120 },
    { start: 90.5, end: 120 },
  ],
  [
    { start: 0, end: "99:59:59.999" },
    { start: 0, end: 359_999.999 },
  ],
])("%j is a part of a source", (posted, clip) => {
  expect(v.parse(ClipOrder, posted)).toEqual(clip);
});

test.each([
  ["start", {}],
  ["start", { start: -1 }],
  ["start", { start: "10" }],
  ["start", { start: "1:75" }],
  ["start", { start: "1:60:00" }],
  ["start", { start: "-0:10" }],
  ["start", { start: 360_000 }],
  ["start", { start: null }],
  ["end", { start: 10, end: 10 }],
  ["end", { start: "0:10", end: "0:09.999" }],
  ["end", { start: 1, end: "later" }],
  ["length", { start: 1, length: 5 }],
])("says that %s is wrong: %j", (field, posted) => {
  const { issues = [] } = v.safeParse(ClipOrder, posted);
  expect(issues.map((issue) => v.getDotPath(issue))).toEqual([field]);
});

test("a worker looks at what a message says once more", () => {
  expect(clipProblem(clipFromMessage({ start: 1, end: undefined }))).toBeUndefined();
  expect(clipProblem({ start: Number.NaN })?.field).toBe("clip.start");
  expect(clipProblem({ start: 1, end: Number.POSITIVE_INFINITY })?.field).toBe("clip.end");
  expect(clipProblem({ start: 2, end: 1 })?.field).toBe("clip.end");
});

test.each([
  ["0:10-0:25", { start: "0:10", end: "0:25" }],
  ["90.5-", { start: 90.5 }],
  ["90.5", { start: 90.5 }],
  ["00:01:00.5 - 120", { start: "00:01:00.5", end: 120 }],
  ["from-here-on", { start: "from-here-on" }],
])("reads the range %s", (text, clip) => {
  expect(clipOfText(text)).toEqual(clip);
});
