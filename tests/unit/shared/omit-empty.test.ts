import { expect, test } from "bun:test";
import { omitEmpty } from "#shared/omit-empty.ts";

test("keeps the fields that hold something", () => {
  const empty = { text: "", number: 0, big: 0n, flag: false, list: [], object: {}, nothing: undefined };
  expect(omitEmpty(empty)).toEqual({});
  const filled = { text: "a", number: 1, big: 1n, flag: true, list: [0], object: { a: 0 } };
  expect(omitEmpty({ ...empty, ...filled })).toEqual(filled);
});
