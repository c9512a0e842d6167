import { expect, test } from "bun:test";
import { mergedPicture } from "#worker/presets/merged-picture.ts";

test("bars that the order leaves none of need no colour", () => {
  const given = { width: 64, height: 64, background: "navy" };
  expect(mergedPicture({ fit: "cover" }, given)).toEqual({ width: 64, height: 64, fit: "cover" });
  expect(mergedPicture({ fit: "cover", background: "red" }, given)).toHaveProperty("background", "red");
  expect(mergedPicture({ denoise: "light" }, given)).toEqual({ ...given, denoise: "light" });
});
