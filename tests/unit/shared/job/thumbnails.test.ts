import { expect, test } from "bun:test";
import * as v from "valibot";
import { Thumbnails } from "#shared/job/thumbnails.ts";

test("moments become seconds, and what is left out has its default", () => {
  const wanted = { times: [1, "0:12.5"], size: 360, sprite: { width: 160, every_seconds: 5 }, poster: { size: 720 } };
  expect(v.parse(Thumbnails, wanted)).toEqual({
    ...{ times: [1, 12.5], size: 360, poster: { size: 720 } },
    sprite: { width: 160, every_seconds: 5, columns: 10, rows: 10 },
  });
  expect(v.parse(Thumbnails, { preview: { size: 240, seconds: 4 } })).toEqual({
    preview: { size: 240, seconds: 4, moments: 4, rate: 10, format: "webp" },
  });
});

test.each([
  {},
  { size: 720 },
  { size: 720, poster: { size: 720 } },
  { times: [] },
  { times: [3, 1] },
  { times: [3, 3] },
  { times: Array.from({ length: 51 }, (_, at) => at) },
  { sprite: { width: 160 } },
  { sprite: { width: 160, every_seconds: 0.5 } },
  { preview: { size: 240, seconds: 4, format: "gif" } },
  { poster: true },
])("refuses %j", (wanted) => {
  expect(v.is(Thumbnails, wanted)).toBe(false);
});
