import { expect, test } from "bun:test";
import { codePoints } from "#worker/plan/code-points.ts";

test("colours are told by the numbers of ITU-T H.273", () => {
  const hdr10 = { primaries: "bt2020", transfer: "smpte2084", matrix: "bt2020nc", range: "tv" } as const;
  expect(codePoints(hdr10)).toEqual([
    ["ColourPrimaries", 9],
    ["TransferCharacteristics", 16],
    ["MatrixCoefficients", 9],
  ]);
  expect(codePoints({ ...hdr10, transfer: "arib-std-b67" })).toContainEqual(["TransferCharacteristics", 18]);
  expect(codePoints({ ...hdr10, transfer: "what nobody knows" })).toHaveLength(2);
});
