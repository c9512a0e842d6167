import { expect, test } from "bun:test";
import { packets, source } from "#tests/support/plan-sources.ts";
import { purposeOf } from "#worker/ffmpeg/disposition.ts";
import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { sourceCoverageProblem } from "#worker/verify/source-coverage.ts";

const { video, audio } = source({ packets: packets() });
if (!video) throw new Error("no video");
const still = { ...video, index: 4, packets: packets({ count: 1 }) };
const film: Probe = { ...source(), video, videos: [still, video], audio };

const report = (frames: Readonly<Record<number, number>>, steadySeconds?: number): EncodeReport => ({
  read: new Map(Object.entries(frames).map(([index, count]) => [Number(index), { packets: count, frames: count }])),
  ...{ written: [], corrupt: new Map(), errors: 0, steadySeconds },
});

test("accepts what moves, to its end", () => {
  expect(sourceCoverageProblem(film, report({ 0: 240, 1: 469 }, 10))).toBeUndefined();
  expect(sourceCoverageProblem(film, report({ 0: 240, 1: 469 }))).toBeUndefined();
});

test("accepts a still picture where nothing moves", () => {
  expect(sourceCoverageProblem({ ...film, video: still, videos: [still] }, report({ 4: 1, 1: 469 }))).toBeUndefined();
});

test("refuses a still picture in the place of the film", () => {
  const words = "its picture is a track of 1 pictures, and the source has one of 240";
  expect(sourceCoverageProblem(film, report({ 4: 1, 1: 469 }))).toBe(words);
});

test("refuses sound that is not the default track", () => {
  const [one] = audio;
  if (!one) throw new Error("no audio");
  const [chosen, other] = [
    { ...one, index: 2, ...purposeOf({ disposition: { default: 1 } }) },
    { ...one, ...purposeOf({}) },
  ];
  const both = { ...film, audio: [other, chosen] };
  expect(sourceCoverageProblem(both, report({ 0: 240, 1: 469 }))).toBe(
    "its sound is not the default track of the source",
  );
  expect(sourceCoverageProblem(both, report({ 0: 240, 2: 469 }))).toBeUndefined();
  const commentary = { ...chosen, ...purposeOf({ disposition: { default: 1, comment: 1 } }) };
  expect(sourceCoverageProblem({ ...film, audio: [other, commentary] }, report({ 0: 240, 1: 469 }))).toBeUndefined();
});

test("refuses pictures that come before their time", () => {
  const words = "its last picture is shown at 4.0 s, and in the source at 10.0 s";
  expect(sourceCoverageProblem(film, report({ 0: 240, 1: 469 }, 4))).toBe(words);
});
