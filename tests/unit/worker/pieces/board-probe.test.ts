import { expect, test } from "bun:test";
import * as v from "valibot";
import { packets, source } from "#tests/support/plan-sources.ts";
import type { Grading } from "#worker/ffmpeg/grading.ts";
import { BoardProbe, probeToJson } from "#worker/pieces/board-probe.ts";

const grading: Grading = {
  light: { most: 1_000, average: 400 },
  mastering: {
    ...{ green: [13_250, 34_500], blue: [7_500, 3_000], red: [34_000, 16_000], white: [15_635, 16_450] },
    luminance: [10_000_000, 50],
  },
};
const told = (of: object) => v.safeParse(BoardProbe, probeToJson(source({ packets: packets(), ...of })));

test("a helper knows of an HDR picture all that its encoder is told", () => {
  const { output } = told({ transfer: "smpte2084", grading });
  expect(output).toMatchObject({ video: { transfer: "smpte2084", grading } });
  expect(told({}).success).toBe(true);
});

test("what is no number does not become an option of an encoder", () => {
  const light = { most: "1:crf=0", average: 400 };
  expect(told({ transfer: "smpte2084", grading: { light } }).success).toBe(false);
});
