import { expect, test } from "bun:test";
import { summaryOf } from "#worker/quality/summary.ts";

const repeated = (score: number, times: number) => Array.from({ length: times }, () => score);

test("means, harmonic means as libvmaf makes them, and percentiles that are scores of pictures", () => {
  const scores = Array.from({ length: 200 }, (_, at) => at / 2);
  const { mean, harmonicMean, p1, p5 } = summaryOf(scores, 25);
  expect(mean).toBe(49.75);
  expect(harmonicMean).toBeCloseTo(200 / scores.reduce((sum, score) => sum + 1 / (score + 1), 0) - 1, 3);
  expect([p1, p5]).toEqual([0.5, 4.5]);
});

test("pictures that score nothing do not make the harmonic mean useless", () => {
  expect(summaryOf([0, 100], 25).harmonicMean).toBeCloseTo(2 / (1 + 1 / 101) - 1, 3);
});

test("the worst two seconds, and when they begin", () => {
  const scores = [...repeated(90, 75), ...repeated(60, 30), ...repeated(90, 75)];
  const { worst } = summaryOf(scores, 25);
  expect(worst).toEqual({ startSeconds: 2.2, durationSeconds: 2, mean: (60 * 30 + 90 * 20) / 50 });
});

test("of a film that is shorter, all of it is the worst", () => {
  expect(summaryOf([80, 90, 100], 25).worst).toEqual({ startSeconds: 0, durationSeconds: 0.12, mean: 90 });
});

test("at most 100 means over time, each of as many pictures as the others", () => {
  const { scores } = summaryOf(
    Array.from({ length: 1_000 }, (_, at) => Math.floor(at / 10)),
    25,
  );
  expect(scores).toEqual(Array.from({ length: 100 }, (_, at) => at));
  expect(summaryOf([70, 80], 25).scores).toEqual([70, 80]);
});
