import { expect, test } from "bun:test";
import { pictureOf } from "#dashboard/picture-form.ts";

test("numbers are numbers, a part is an object, and what is empty is left out", () => {
  expect(pictureOf({ crop: "240, 0,1440,1080", width: " 640", rotate: "0", fit: "", background: " navy" })).toEqual({
    ...{ crop: { x: 240, y: 0, width: 1_440, height: 1_080 }, width: 640, rotate: 0, background: "navy" },
  });
  expect(pictureOf({})).toEqual({});
});

test("what is no part is left to the service to refuse", () => {
  expect(pictureOf({ crop: "1,2,3,4,5" })).toHaveProperty("crop", "1,2,3,4,5");
});
