import { expect, test } from "bun:test";
import { planned, source } from "#tests/support/plan-sources.ts";
import {
  analysisProgress,
  encodeProgress,
  joinProgress,
  makeAverage,
  piecesProgress,
} from "#worker/run/encode-progress.ts";

const film = { rate: { over: 25, under: 1 }, frames: 2_500 };
const pieces = { done: 1, total: 4, workers: 2 };
const tick = { frame: 0, seconds: 50, fps: 100, speed: 4 };

test("the time that is left counts what follows the pictures, as the progress does", () => {
  const update = piecesProgress({ ...pieces, frame: 1_250 }, film, 100);
  expect(update).toMatchObject({ progress: 47.5, pieces, fps: 100, speed: 4 });
  // 50 of 105 s at 4 times their speed.
  expect(update.etaSeconds).toBe(14);
});

test("when all pieces are encoded, the joining has the rest of the progress", () => {
  const plan = planned("hls_720p", source({}, { durationSeconds: 100 }));
  const ended = piecesProgress({ ...pieces, workers: 0, done: 4, frame: 2_500 }, film, 100);
  expect(ended.progress).toBe(95);
  expect(joinProgress(4, plan)).toMatchObject({ progress: 95, pieces: { done: 4, total: 4, workers: 0 } });
  const halfway = joinProgress(4, { ...plan, durationSeconds: 100 }, tick);
  expect(halfway.progress).toBeCloseTo(97.5);
  expect(halfway.etaSeconds).toBe(13);
});

test("pictures a second are those of this attempt, and unknown at its beginning", () => {
  let now = 5_000;
  const average = makeAverage(() => now);
  expect(average(1_000)).toBe(0);
  now += 999;
  expect(average(1_050)).toBe(0);
  now += 9_001;
  expect(average(1_300)).toBe(30);
});

test("only an output with sound is said to get some", () => {
  const silent = planned("hls_720p", source({}, { audio: [] }));
  expect(joinProgress(2, silent).message).toBe("Joining the pieces");
  expect(joinProgress(2, planned("hls_720p", source({}))).message).toContain("sound");
  expect(joinProgress(2, planned("720p_h264", source({}))).message).toContain("sound");
});

test("a whole encode tells no more than is known of its length", () => {
  const length = { durationSeconds: undefined, totalFrames: undefined };
  expect(encodeProgress({ ...tick, frame: 7 }, length)).toEqual({
    ...{ status: "processing", message: "Encoding frame 7", fps: 100, speed: 4 },
  });
  expect(encodeProgress(tick, { durationSeconds: 200, totalFrames: 5_000 })).toMatchObject({
    ...{ progress: 25, etaSeconds: 38, message: "Encoding frame 0/5000" },
  });
});

test("an encode that follows pieces has the rest of the progress, so that it does not stand still", () => {
  const length = { durationSeconds: 200, totalFrames: 5_000 };
  expect(encodeProgress({ ...tick, seconds: 0 }, length, 60).progress).toBe(60);
  expect(encodeProgress(tick, length, 60).progress).toBe(70);
  expect(encodeProgress({ ...tick, seconds: 200 }, length, 60).progress).toBe(100);
});

test("a pass that measures the sounds tells how far it is, and no percent of the encode", () => {
  const tick = { frame: 0, seconds: 42.4, fps: 0, speed: 90 };
  const known = { durationSeconds: 100, totalFrames: undefined };
  expect(analysisProgress(tick, known, 1)).toEqual({ status: "processing", message: "Measuring loudness 42 %" });
  expect(analysisProgress(tick, known, 2).message).toBe("Measuring loudness again 42 %");
  const unknown = { durationSeconds: undefined, totalFrames: undefined };
  expect(analysisProgress(tick, unknown, 1).message).toBe("Measuring loudness");
});
