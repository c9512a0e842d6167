import { expect, test } from "bun:test";
import { paramsOf } from "#dashboard/media-params.ts";

test("numbers are numbers, texts are texts, and what is empty is left out", () => {
  expect(paramsOf({ crf: " 20", bitrate: "2500k ", frame_rate: "25", size: "", loudness: "-16" })).toEqual({
    ...{ crf: 20, bitrate: "2500k", frame_rate: "25", loudness: -16 },
  });
  expect(paramsOf({ crf: " " })).toBeUndefined();
});
