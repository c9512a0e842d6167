import { expect, test } from "bun:test";
import { sourcesOf } from "#shared/job/inputs.ts";

test("an order names one source, or those that are joined", () => {
  const clip = { start: 1 };
  expect(sourcesOf({ inputUrl: "a", clip })).toEqual([{ field: "input_url", url: "a", clip }]);
  expect(sourcesOf({ inputUrl: "", inputs: [{ url: "a" }, { url: "b", clip }] })).toEqual([
    { field: "inputs.0.url", url: "a" },
    { field: "inputs.1.url", url: "b", clip },
  ]);
});
