import { expect, test } from "bun:test";
import { mergePages } from "#shared/outcomes/merge-pages.ts";

const idOf = (n: number) => `worker-${n % 3}-${n}`;
const job = (n: number, from = "") => ({ event: { jobId: idOf(n) }, from });
const page = (numbers: number[], next?: number) => ({
  jobs: numbers.map((n) => job(n)),
  next: next === undefined ? undefined : idOf(next),
});

test("pages that end with the list are put together, newest first", () => {
  expect(mergePages([page([9, 7, 1]), page([8, 2])], 9)).toEqual(page([9, 8, 7, 2, 1]));
});

test("what does not fit follows after the last one shown", () => {
  expect(mergePages([page([9, 7, 1]), page([8, 2])], 3)).toEqual(page([9, 8, 7], 7));
});

test("a page ends where the first source ends, so that nothing between is left out", () => {
  expect(mergePages([page([9, 3, 1]), page([8, 6], 5), page([7, 4], 4)], 9)).toEqual(page([9, 8, 7, 6], 5));
});

test("of a job in several sources the first one is taken", () => {
  const pages = [
    { jobs: [job(5, "worker")], next: undefined },
    { jobs: [job(5, "record"), job(4, "record")], next: undefined },
  ];
  expect(mergePages(pages, 9).jobs.map(({ from }) => from)).toEqual(["worker", "record"]);
});
