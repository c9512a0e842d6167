import { expect, test } from "bun:test";
import * as v from "valibot";
import { colourDigits } from "#shared/job/colour-names.ts";
import { frameProblem, Picture } from "#shared/job/picture.ts";

const problemsOf = (picture: unknown) => {
  const { success, issues } = v.safeParse(Picture, picture);
  return success ? [] : issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`);
};

test("takes what an order may say of its picture", () => {
  const all = {
    ...{ crop: { x: 0, y: 10, width: 100, height: 100 }, fit: "contain", width: 1_080, height: 1_920 },
    ...{ background: "#1A2b3C", rotate: 0, deinterlace: "off", denoise: "strong" },
  };
  expect(problemsOf(all)).toEqual([]);
  expect(problemsOf({ width: 640 })).toEqual([]);
  expect(problemsOf({})).toEqual([]);
});

test.each([
  [{ crop: { x: -1, y: 0, width: 100, height: 100 } }, "crop.x: use a whole number"],
  [{ crop: { x: 0, y: 0, width: 8, height: 100 } }, "crop.width: use a whole number from 16"],
  [{ crop: { x: 0, y: 0, width: 100 } }, "crop.height: "],
  [{ crop: "100:100:0:0" }, "crop: must be an object"],
  [{ width: 641 }, "width: must be an even number"],
  [{ width: 640.5 }, "width: must be an even number"],
  [{ height: 4_098 }, "height: must be an even number from 16 to 4096"],
  [{ width: 4_096, height: 4_096 }, "width: makes 16777216 pixels with the height 4096"],
  [{ fit: "cover", width: 640 }, "fit: needs a width and a height"],
  [{ fit: "fill", width: 640, height: 640 }, "fit: must be one of contain, cover, stretch"],
  [{ background: "red" }, "background: is seen beside a picture only"],
  [{ background: "red", fit: "cover", width: 64, height: 64 }, "background: is seen beside a picture only"],
  [{ background: "black@0.5", width: 64, height: 64 }, "background: must be a colour"],
  [{ background: "red,crop=1:1", width: 64, height: 64 }, "background: must be a colour"],
  [{ background: "constructor", width: 64, height: 64 }, "background: must be a colour"],
  [{ rotate: 45 }, "rotate: must be one of 0, 90, 180, 270"],
  [{ denoise: true }, "denoise: must be one of off, light"],
  [{ filter: "crop" }, "filter: "],
])("refuses %p", (picture, problem) => {
  expect(problemsOf(picture).join("; ")).toContain(problem);
});

test("knows colours by names and digits", () => {
  expect(colourDigits("teal")).toBe("008080");
  expect(colourDigits("#FF8800")).toBe("ff8800");
  expect(colourDigits("#ff88001")).toBeUndefined();
  expect(colourDigits("toString")).toBeUndefined();
});

test("bounds a frame of which one side follows the picture", () => {
  expect(frameProblem(1_080, 608)).toBeUndefined();
  expect(frameProblem(1_080, 270_000)).toContain("1080x270000");
  expect(frameProblem(4_096, 4_096)).toContain("at most 9437184 pixels");
  expect(frameProblem(16, 2)).toContain("16x2");
});
