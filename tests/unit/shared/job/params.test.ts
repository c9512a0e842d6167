import { expect, test } from "bun:test";
import * as v from "valibot";
import { Params } from "#shared/job/params.ts";

test("takes each parameter as a preset writes it", () => {
  const all: Params = {
    ...{ crf: 20, bitrate: "2500k", maxrate: "4000k", size: 480, frame_rate: "<=30", speed: "fast" },
    ...{ audio_bitrate: "96k", loudness: -16, segment_seconds: 4, gop_seconds: 2 },
  };
  expect(v.parse(Params, all)).toEqual(all);
});

test.each([
  { crf: 20.5 },
  { crf: "20" },
  { crf: 64 },
  { bitrate: 2_500_000 },
  { bitrate: "2500" },
  { bitrate: "1k" },
  { maxrate: "4000k -f null" },
  { size: 8 },
  { frame_rate: "30:60" },
  { speed: "placebo" },
  { audio_bitrate: "1000k" },
  { loudness: 0 },
  { segment_seconds: 0 },
  { gop_seconds: 1.5 },
  { tune: "film" },
])("refuses %p", (params) => {
  expect(v.is(Params, params)).toBe(false);
});
