import { expect, test } from "bun:test";
import { cadence, constantRate, fraction } from "#worker/plan/rate.ts";
import { source } from "./sources.ts";

const rateOf = (averageRate: number, nominalRate = averageRate) => {
  const { video } = source({ averageRate, nominalRate });
  return video && fraction(constantRate(video));
};

test.each([
  [24, 24, "24"],
  [23.976, 23.976, "24000/1001"],
  [29.97, 29.97, "30000/1001"],
  [59.94, 59.94, "60000/1001"],
  [120, 120, "60"],
  [29.97, 1_000, "30000/1001"],
  [17.3, 24, "24"],
  [27.1, 90_000, "30"],
  [14.7, 14.7, "14700/1000"],
])("a source of %p frames a second, in ticks of %p, is encoded at %s", (average, nominal, rate) => {
  expect(rateOf(average, nominal)).toBe(rate);
});

test.each([
  [{ over: 24, under: 1 }, 48, 6],
  [{ over: 30_000, under: 1_001 }, 60, 6.006],
  [{ over: 24_000, under: 1_001 }, 48, 6.006],
  [{ over: 14_700, under: 1_000 }, 30, 6.122],
])("at %j a group of two seconds has %i frames, and a segment %d s", (rate, gopFrames, segmentSeconds) => {
  const found = cadence(rate, 2, 6);
  expect(found.gopFrames).toBe(gopFrames);
  expect(found.segmentSeconds).toBeCloseTo(segmentSeconds, 3);
});
