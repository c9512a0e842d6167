import { expect, test } from "bun:test";
import { partOfList } from "#shared/storage/list-part.ts";

async function* from(keys: readonly string[]) {
  yield* keys;
}

// By UTF-16 units the last two would change places.
const sorted = ["a/1", "a/10", "a/B", "a/b", "a/\u{ff5e}", "a/\u{1f600}"];

test("a part of a list is sorted by bytes, as S3 sorts keys", async () => {
  const part = (after: string, limit: number) =>
    Array.fromAsync(partOfList(from(sorted.toReversed()), { after, limit }));
  expect(await part("", 9)).toEqual(sorted);
  expect(await part("a/10", 2)).toEqual(sorted.slice(2, 4));
  expect(await part("a/\u{ff5e}", 2)).toEqual(sorted.slice(5));
  expect(await Array.fromAsync(partOfList(from(sorted.toReversed()), undefined))).toEqual(sorted.toReversed());
});
