import { expect, test } from "bun:test";
import { bitRateSeries } from "#worker/facts/series.ts";

const parts = (count: number) => Array.from({ length: count }, (_, at) => ({ bytes: at + 1, seconds: 2 }));

test("few parts are told one by one, many together, and never more than 100", () => {
  expect(bitRateSeries(parts(3))).toEqual([4, 8, 12]);
  expect(bitRateSeries(parts(100)).length).toBe(100);
  expect(bitRateSeries(parts(101)).length).toBe(51);
  expect(bitRateSeries(parts(400)).slice(0, 2)).toEqual([10, 26]);
});

test("no parts, and parts without length, have no bit rate", () => {
  expect(bitRateSeries([])).toEqual([]);
  expect(bitRateSeries([{ bytes: 5, seconds: 0 }])).toEqual([0]);
});
