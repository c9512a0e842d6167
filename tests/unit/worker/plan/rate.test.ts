import { expect, test } from "bun:test";
import { packets, source } from "#tests/support/plan-sources.ts";
import { cadence, constantRate, fraction, muxerSeconds, perSecond, secondsOfFrames } from "#worker/plan/rate.ts";

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
  [119.88, 119.88, "60000/1001"],
  [240, 240, "60"],
  [90, 90, "45"],
  [29.97, 1_000, "30000/1001"],
  [17.3, 24, "20"],
  [27.1, 90_000, "30"],
  [18, 18, "18"],
  [14.7, 14.7, "15"],
  [5, 5, "10"],
  [1 / 60, 1 / 60, "10"],
])("a source of %p frames a second, in ticks of %p, is encoded at %s", (average, nominal, rate) => {
  expect(rateOf(average, nominal)).toBe(rate);
});

test.each([
  [24, 60, "60"],
  [60, 25, "25"],
  [29.97, "25", "25"],
  [24, "<=30", "24"],
  [60, "<=30", "30"],
  [59.94, "<=30", "30000/1001"],
  [50, "<=30", "25"],
  [30, "<=25", "25"],
  [29.97, "<=29.97", "30000/1001"],
  [30, "<=29.97", "30000/1001"],
  [5, "<=30", "10"],
])("of a source of %p frames a second, %p makes %s", (rate, wanted, made) => {
  const { video } = source({ averageRate: rate, nominalRate: rate });
  expect(video && fraction(constantRate(video, wanted))).toBe(made);
});

const standard = [
  ...[24, 25, 30, 48, 50, 60].map((over) => ({ over, under: 1 })),
  ...[24_000, 30_000, 60_000].map((over) => ({ over, under: 1_001 })),
];
const dropRates = [0, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.02];
const clocks = [90_000, 12_800, 1_000];

/** What packets say whose pictures lie on a grid of `rate`, some of them left out, by a clock of so many ticks a second. */
function recorded(rate: { over: number; under: number }, dropRate: number, clock: number) {
  const every = dropRate === 0 ? Number.POSITIVE_INFINITY : Math.round(1 / dropRate);
  const times = Array.from({ length: 3_000 }, (_, at) => at)
    .filter((at) => at === 0 || at % every !== 0)
    .map((at) => Math.round(secondsOfFrames(at, rate) * clock) / clock);
  const intervals = times.slice(1).map((time, at) => time - (times[at] ?? 0));
  const sorted = intervals.toSorted((a, b) => a - b);
  const [last = 0] = times.slice(-1);
  return source({
    averageRate: times.length / last,
    nominalRate: clock === 1_000 ? 1_000 : perSecond(rate),
    packets: packets({
      count: times.length,
      shortInterval: sorted[Math.floor(sorted.length / 4)] ?? 0,
      meanInterval: intervals.reduce((sum, one) => sum + one, 0) / intervals.length,
    }),
  }).video;
}

const grid = standard.flatMap((rate) => dropRates.flatMap((drop) => clocks.map((clock) => ({ rate, drop, clock }))));

test.each(grid)("keeps the rate of %j", ({ rate, drop, clock }) => {
  const video = recorded(rate, drop, clock);
  const found = video && constantRate(video);
  // A clock of milliseconds cannot tell 30 from 29.97 where pictures are left out.
  const tolerance = clock === 1_000 ? 0.001_1 : 0;
  expect(Math.abs(perSecond(found ?? rate) / perSecond(rate) - 1)).toBeLessThanOrEqual(tolerance);
});

test.each(standard.flatMap((rate) => [2, 4, 6].map((seconds) => ({ rate, seconds }))))(
  "a muxer cuts at the right keyframe for hours: %j",
  ({ rate, seconds }) => {
    const { gopFrames, segmentFrames } = cadence(rate, 2, seconds);
    expect(segmentFrames % gopFrames).toBe(0);
    const told = Number(muxerSeconds(secondsOfFrames(segmentFrames, rate)));
    for (const segment of [1, 2, 100, 7_200]) {
      const keyframe = secondsOfFrames(segmentFrames * segment, rate);
      expect(told * segment).toBeLessThanOrEqual(keyframe + 1e-9);
      expect(keyframe - told * segment).toBeLessThan(secondsOfFrames(1, rate) / 2);
    }
  },
);

test.each([
  [{ over: 24, under: 1 }, 48, 144],
  [{ over: 30_000, under: 1_001 }, 60, 180],
  [{ over: 24_000, under: 1_001 }, 48, 144],
  [{ over: 15, under: 1 }, 30, 90],
])("at %j a group of two seconds has %i frames, and a segment of six %i", (rate, gopFrames, segmentFrames) => {
  expect(cadence(rate, 2, 6)).toEqual({ gopFrames, segmentFrames });
});
