import { expect, test } from "bun:test";
import { frameRateIn } from "#shared/job/frame-rate.ts";

test.each([
  [25, { over: 25, under: 1, isMost: false }],
  ["25", { over: 25, under: 1, isMost: false }],
  ["12.5", { over: 25, under: 2, isMost: false }],
  [29.97, { over: 30_000, under: 1_001, isMost: false }],
  ["30000/1001", { over: 30_000, under: 1_001, isMost: false }],
  ["50/2", { over: 25, under: 1, isMost: false }],
  ["<=30", { over: 30, under: 1, isMost: true }],
  ["<=23.976", { over: 24_000, under: 1_001, isMost: true }],
])("%p says a rate", (value, rate) => {
  expect(frameRateIn(value)).toEqual(rate);
});

test.each([0, 9, 61, 240, Number.NaN, "", "fast", "<30", "30000/0", "0/1", "25,fps=60", "-25", "25 ", "1e1"])(
  "%p says none",
  (value) => {
    expect(frameRateIn(value)).toBeUndefined();
  },
);
