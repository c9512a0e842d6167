import { expect, test } from "bun:test";
import { packets, source } from "#tests/support/plan-sources.ts";
import { vp9Codec } from "#worker/facts/vp9-codec.ts";

test.each([
  [160, 90, 24, "yuv420p", "vp09.00.10.08"],
  [1_280, 720, 30, "yuv420p", "vp09.00.31.08"],
  [1_920, 1_080, 30, "yuv420p", "vp09.00.40.08"],
  [1_920, 1_080, 60, "yuv420p10le", "vp09.02.41.10"],
  [3_840, 2_160, 60, "yuv444p", "vp09.01.51.08"],
])("%i x %i at %i in %s is %s", (width, height, rate, pixelFormat, codec) => {
  const even = packets({ shortInterval: 1 / rate, meanInterval: 1 / rate });
  const { video } = source({ width, height, pixelFormat, packets: even, nominalRate: rate, averageRate: rate });
  expect(video && vp9Codec(video)).toBe(codec);
});
