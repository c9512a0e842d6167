import { expect, test } from "bun:test";
import { drawnColour } from "#worker/burn/drawn-colour.ts";

const bt709 = { matrix: "bt709", primaries: "bt709", transfer: "bt709", range: "tv" } as const;
const sd = { ...bt709, matrix: "smpte170m" };
const pq = { matrix: "bt2020nc", primaries: "bt2020", transfer: "smpte2084", range: "tv" } as const;
const hlg = { ...pq, transfer: "arib-std-b67" };

test("grey stays what it is in SDR, and all colours where BT.601 is what is drawn by", () => {
  for (const value of [0, 17, 128, 255])
    expect(drawnColour([value, value, value], bt709)).toEqual([value, value, value]);
  expect(drawnColour([200, 100, 50], sd)).toEqual([200, 100, 50]);
});

test("other colours are those which BT.601 makes the same numbers of", () => {
  // Luma is 0.461 of white by both.
  expect(drawnColour([200, 100, 50], bt709)).toEqual([191, 93, 53]);
  // What no colour of BT.601 is comes as close as it can.
  expect(drawnColour([255, 0, 0], bt709)).toEqual([233, 0, 2]);
});

test("white of HDR is as bright as subtitles are", () => {
  expect(drawnColour([255, 255, 255], pq)).toEqual([148, 148, 148]);
  expect(drawnColour([255, 255, 255], hlg)).toEqual([191, 191, 191]);
  expect(drawnColour([0, 0, 0], pq)).toEqual([0, 0, 0]);
});
