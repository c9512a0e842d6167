import { expect, test } from "bun:test";
import { box, initSegment, mediaSegment } from "#tests/support/fmp4-boxes.ts";
import { cmafChanges } from "#worker/mp4/cmaf-brand.ts";

const ofFfmpeg = (type: "ftyp" | "styp", brands: string) =>
  box(type, Buffer.from(brands.slice(0, 4)), [0], Buffer.from(brands));

/** A file of ffmpeg's brands with the same boxes behind them, and what becomes of it. */
function changed(first: Uint8Array, file: Uint8Array) {
  const rest = Buffer.from(file).subarray(Buffer.from(file).readUInt32BE(0));
  const whole = Buffer.concat([first, rest]);
  for (const { at, text } of cmafChanges(whole)) whole.write(text, at, "latin1");
  return { whole, brands: whole.subarray(16, first.length).toString("latin1"), hasEdits: whole.includes("edts") };
}

const init = (handler: "vide" | "soun", ...edits: (readonly [number, number])[]) =>
  initSegment({ id: 1, handler, timescale: 12_800, edits });

test.each([
  ["a picture whose edit list hides nothing", init("vide", [0, 0]), "iso6cmf2", false],
  ["a picture without an edit list", init("vide"), "iso6cmf2", false],
  ["a picture whose edit list hides something", init("vide", [0, 1_024]), "iso6cmfc", true],
  ["sound", init("soun", [0, 1_024]), "iso6cmfc", true],
])("%s gets the brand whose constraints it keeps", (_, file, brands, hasEdits) => {
  expect(changed(ofFfmpeg("ftyp", "iso6mp41"), file)).toMatchObject({ brands, hasEdits });
});

test("a segment is marked as one, and nothing is changed twice", () => {
  const media = mediaSegment({ id: 1, decodeTime: 0, offsets: [0] });
  const { whole, brands } = changed(ofFfmpeg("styp", "msdhmsix"), media);
  expect(brands).toBe("msdhcmfs");
  expect(cmafChanges(whole)).toEqual([]);
});

test("what says nothing that can be replaced stays as it is", () => {
  expect(cmafChanges(init("vide"))).toEqual([]);
  expect(cmafChanges(Buffer.from("no boxes"))).toEqual([]);
});
