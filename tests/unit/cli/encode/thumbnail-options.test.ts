import { expect, test } from "bun:test";
import { Command } from "commander";
import { addThumbnailOptions, thumbnailsIn } from "#cli/encode/thumbnail-options.ts";

const parsed = (...args: string[]) =>
  thumbnailsIn(addThumbnailOptions(new Command("x").exitOverride()).parse(args, { from: "user" }).opts());

test("pictures are ordered in the sizes of the presets that make the same", () => {
  expect(parsed("--thumbnails", "12.5, 1:30", "--sprite", "5", "--preview", "4", "--poster")).toEqual({
    times: [12.5, "1:30"],
    sprite: { width: 160, every_seconds: 5 },
    preview: { size: 240, seconds: 4 },
    poster: { size: 720 },
  });
  expect(parsed()).toBeUndefined();
});
