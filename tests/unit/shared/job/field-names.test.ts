import { expect, test } from "bun:test";
import { camelKeys, snakeKeys } from "#shared/job/field-names.ts";

const json = { job_id: "1", output: { file_name: "a" }, cold_start_ms: 2 };
const value = { jobId: "1", output: { file_name: "a" }, coldStartMs: 2 };

test("renames the fields of an object, and none inside of them", () => {
  expect(camelKeys(json)).toEqual(value);
  expect(snakeKeys<typeof json>(value)).toEqual(json);
});

test("writes the fields that are to be last in their order, after the others in theirs", () => {
  expect(Object.keys(snakeKeys<typeof json>(value, ["cold_start_ms", "job_id"]))).toEqual([
    "output",
    "cold_start_ms",
    "job_id",
  ]);
});
