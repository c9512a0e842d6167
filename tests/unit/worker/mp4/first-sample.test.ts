import { expect, test } from "bun:test";
import { box } from "#tests/support/fmp4-boxes.ts";
import { firstSampleEnds } from "#worker/mp4/first-sample.ts";

const fragment = (tfhd: readonly number[], trun: readonly number[]) =>
  box("moof", box("traf", box("tfhd", tfhd), box("trun", trun)));

test.each([
  ["a size of its own", [0x02_00_00, 7], [0x02_01, 2, 100, 30, 40], 130],
  ["a size behind its flags and duration", [0x02_00_00, 7], [0x03_05, 1, 100, 0, 512, 30], 130],
  ["the usual size of its track", [0x02_00_1a, 7, 1, 512, 60], [0x00_01, 2, 100], 160],
  ["a size that its init segment says", [0x02_00_00, 7], [0x00_01, 2, 100], undefined],
  ["no offset", [0x02_00_00, 7], [0x02_00, 1, 30], undefined],
  ["an offset in the file", [0x02_00_01, 7, 0, 0], [0x02_01, 1, 100, 30], undefined],
])("of a sample with %s", (_, tfhd, trun, end) => {
  expect(firstSampleEnds(fragment(tfhd, trun)).get(7)).toBe(end);
});

test("what is no fragment has none", () => {
  expect(firstSampleEnds(new Uint8Array()).size).toBe(0);
  expect(firstSampleEnds(box("moof", box("traf", box("tfhd", [0, 1])))).size).toBe(0);
});
