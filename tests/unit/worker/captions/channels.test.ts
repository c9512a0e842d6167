import { expect, test } from "bun:test";
import { holdsMarker } from "#worker/captions/channels.ts";

async function* inPieces(text: string, size: number) {
  const bytes = Buffer.from(text, "latin1");
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test.each([1, 2, 3, 4, 5, 7, 1_000])("the mark of captions is found in pieces of %d bytes", async (size) => {
  expect(await holdsMarker(inPieces("....GA9.GA94....GA94\x03.", size))).toBe(true);
  expect(await holdsMarker(inPieces("....GA9.GA94....GA94\x04.", size))).toBe(false);
  expect(await holdsMarker(inPieces("GA94", size))).toBe(false);
});
