import { expect, test } from "bun:test";
import { packets, source } from "#tests/support/plan-sources.ts";
import { comparedMoments } from "#worker/plan/compared.ts";

const film = (keyframes: readonly number[], format = "mov", isSteady = true) =>
  source({ packets: packets({ keyframes, endSeconds: 100 }) }, { format, isSteady });

test("compares a keyframe that comes soonest after one of the output", () => {
  expect(comparedMoments(film([0, 13, 25.1, 38.3, 49, 67, 73, 83.9, 96.9]), 2)).toEqual([38.3]);
  expect(comparedMoments(film([0, 60]), 2)).toEqual([60]);
});

test("compares one of each half of what may change on the way", () => {
  expect(comparedMoments(film([2, 13, 24.2, 39, 48, 67, 72.5, 83.9, 96], "mpegts"), 2)).toEqual([24.2, 72.5]);
  expect(comparedMoments(film([0, 60], "matroska,webm"), 2)).toEqual([60]);
});

test("compares the first one alone where others are not found, or come at another time than they say", () => {
  expect(comparedMoments(film([0]), 2)).toEqual([0]);
  expect(comparedMoments(film([2, 30, 80], "avi"), 2)).toEqual([2]);
  expect(comparedMoments(film([2, 30, 80], "mpegts", false), 2)).toEqual([2]);
});

test("compares nothing of a sound or a stream without keyframes", () => {
  expect(comparedMoments(film([]), 2)).toEqual([]);
  expect(comparedMoments({ ...film([0]), video: undefined }, 2)).toEqual([]);
});
