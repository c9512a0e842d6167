import { expect, test } from "bun:test";
import { hdrNames } from "#worker/verify/hdr.ts";

test("all that a frame or a stream says of HDR is found", () => {
  const frame = "H.26[45] User Data Unregistered SEI message|Mastering display metadata|Content light level metadata\n";
  expect(hdrNames(frame)).toEqual(["Mastering display metadata", "Content light level metadata"]);
  expect(hdrNames("\nDOVI configuration record\n")).toEqual(["DOVI configuration record"]);
  expect(hdrNames("H.26[45] User Data Unregistered SEI message\nCPB properties\n\n")).toEqual([]);
});
