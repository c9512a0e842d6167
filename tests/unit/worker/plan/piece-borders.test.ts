import { expect, test } from "bun:test";
import { packets, planned, source } from "#tests/support/plan-sources.ts";
import { bordersOf } from "#worker/plan/piece-borders.ts";

/** The film of a source at 24 pictures a second with these keyframes. */
function filmWith(keyframes: readonly number[], preset = "720p_h264") {
  const seconds = 120;
  const { film } = planned(
    preset,
    source(
      {
        packets: packets({ count: seconds * 24, endSeconds: seconds, lastSeconds: seconds, keyframes }),
        endSeconds: seconds,
      },
      { durationSeconds: seconds, audio: [] },
    ),
  );
  if (!film) throw new Error("it has pictures");
  return film;
}
const even = Array.from({ length: 24 }, (_, at) => at * 5);

test("where a source tells no scenes, borders are where an encoder makes a keyframe every 250 frames", () => {
  expect(bordersOf(filmWith(even), 24 * 30, 4)).toEqual([750, 1_500, 2_250]);
});

test("keyframes that come sooner than others are scenes, at which borders are, and from which the encoder counts", () => {
  const scenes = [...even, 29, 90.25].sort((one, other) => one - other);
  // 30 s comes too soon behind it.
  expect(bordersOf(filmWith(scenes), 24 * 30, 4)).toEqual([696, 696 + 3 * 250, 2_166]);
});

test("a film that ends right behind a keyframe has an end", () => {
  // 2,880 frames: the last keyframe is 24 before the end.
  expect(bordersOf(filmWith([...even, 119]), 24 * 30, 4)).toHaveLength(3);
  expect(bordersOf({ ...filmWith(even), frames: 2_510 }, 24 * 30, 3)).toEqual([750, 1_500]);
});

test("shorter pieces, and those of a film whose keyframes are even, are as long as each other", () => {
  expect(bordersOf(filmWith(even), 24 * 5, 4)).toEqual([120, 240, 360]);
  expect(bordersOf(filmWith(even, "hls_720p_abr"), 24 * 30, 3)).toEqual([720, 1_440]);
});
