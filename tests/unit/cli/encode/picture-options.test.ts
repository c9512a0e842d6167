import { expect, test } from "bun:test";
import { Command } from "commander";
import * as v from "valibot";
import { addPictureOptions, pictureIn } from "#cli/encode/picture-options.ts";
import { faultIn } from "#shared/fault.ts";
import { Picture } from "#shared/job/picture.ts";

const parsed = (...args: string[]) =>
  pictureIn(addPictureOptions(new Command("x").exitOverride()).parse(args, { from: "user" }).opts());

test("each field about the picture has an option, and what is not given is left out", () => {
  const given =
    "--crop 240,0,1440,1080 --width 640 --height 640 --fit contain --background #1a2b3c --rotate 0 --deinterlace on --denoise light";
  expect(v.parse(Picture, parsed(...given.split(" ")))).toEqual({
    ...{ crop: { x: 240, y: 0, width: 1_440, height: 1_080 }, width: 640, height: 640, fit: "contain" },
    ...{ background: "#1a2b3c", rotate: 0, deinterlace: "on", denoise: "light" },
  });
  expect(parsed()).toEqual({});
});

test.each(["1440x1080", "240,0,1440", "1,2,3,4,5", "1,,3,4"])("%s is no part of a picture", (crop) => {
  expect(faultIn(() => parsed("--crop", crop))?.message).toContain("write four numbers");
});
