import { expect, test } from "bun:test";
import type { Grading } from "#worker/ffmpeg/grading.ts";
import { hdrProblem, isMadeOfHdr } from "#worker/verify/hdr.ts";

const grading: Grading = {
  light: { most: 1_000, average: 400 },
  mastering: {
    ...{ green: [13_250, 34_500], blue: [7_500, 3_000], red: [34_000, 16_000], white: [15_635, 16_450] },
    luminance: [10_000_000, 50],
  },
};
const names = ["Mastering display metadata", "Content light level metadata"];
const hdr = { transfer: "smpte2084", grading } as const;
const found = { names, grading, isDecoded: true };

test("what was tone-mapped says nothing of HDR", () => {
  expect(hdrProblem({ isToneMapped: true }, { ...found, names: [] })).toBeUndefined();
  expect(hdrProblem({ isToneMapped: true }, found)).toStartWith("it is not HDR and says that it is (Mastering");
  expect(hdrProblem({ isToneMapped: true }, undefined)).toBeUndefined();
});

test("what is kept says what its source says of how it was graded", () => {
  expect(hdrProblem({ hdr }, found)).toBeUndefined();
  const other = { most: 999, average: 400 };
  expect(hdrProblem({ hdr }, { ...found, grading: { ...grading, light: other } })).toContain('"most":999');
  expect(hdrProblem({ hdr }, { ...found, grading: {} })).toStartWith("it says of its light nothing");
  const { light } = grading;
  expect(hdrProblem({ hdr }, { ...found, grading: light ? { light } : {} })).toContain("mastering display nothing");
  expect(hdrProblem({ hdr }, { ...found, grading: {}, isDecoded: false })).toBeUndefined();
  expect(hdrProblem({ hdr: { ...hdr, grading: {} } }, { ...found, grading: {} })).toBeUndefined();
});

test("AV1 counts in other fractions than H.265", () => {
  const { mastering } = grading;
  const rounded = mastering && { ...mastering, green: [13_251, 34_499] as const, luminance: [10_000_020, 51] as const };
  expect(hdrProblem({ hdr }, { ...found, grading: { ...grading, ...(rounded && { mastering: rounded }) } })).toBe(
    undefined,
  );
  for (const luminance of [[10_000_060, 50] as const, [10_000_000, 53] as const]) {
    const other = mastering && { mastering: { ...mastering, luminance } };
    expect(hdrProblem({ hdr }, { ...found, grading: { ...grading, ...other } })).toContain("of its mastering display");
  }
});

test("what is kept says nothing of Dolby Vision", () => {
  expect(hdrProblem({ hdr }, { ...found, names: [...names, "DOVI configuration record"] })).toBe(
    "it is plain HDR and says that it is more (DOVI configuration record)",
  );
});

test("an output that is made of HDR is told by what its pictures must be", () => {
  const video = { codec: "hevc", size: 72 };
  expect(isMadeOfHdr({ files: [{ name: "a", video }] } as never)).toBe(false);
  expect(isMadeOfHdr({ files: [{ name: "a", video: { ...video, hdr } }] } as never)).toBe(true);
  const tracks = [{ kind: "audio", codec: "aac" } as const, { kind: "video", ...video, isToneMapped: true } as const];
  expect(isMadeOfHdr({ files: [], segments: { seconds: 2, tracks } } as never)).toBe(true);
});
