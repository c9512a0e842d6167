import { expect, test } from "bun:test";
import { noThumbnails, thumbnailsOf } from "#dashboard/media-thumbnails.ts";

test("what is written asks for pictures, and nothing for none", () => {
  expect(thumbnailsOf({ times: "12.5, 1:30", sprite: "5", preview: " 4" })).toEqual({
    times: [12.5, "1:30"],
    sprite: { width: 160, every_seconds: 5 },
    preview: { size: 240, seconds: 4 },
  });
  expect(thumbnailsOf({ ...noThumbnails, times: " " })).toBeUndefined();
});
