import { expect, test } from "bun:test";
import * as v from "valibot";
import { joinedSoundProblem, SoundOrder } from "#shared/job/sound-order.ts";

test.each([{}, { tracks: ["en", "eng", "zh-Hant-TW", 0, 999] }, { channels: "stereo" }])("takes %p", (sound) => {
  expect(v.is(SoundOrder, sound)).toBe(true);
});

test.each([
  [{ tracks: [] }, "tracks"],
  [{ tracks: [1, 2, 3, 4, 5, 6, 7, 8, 9] }, "tracks"],
  [{ tracks: [-1] }, "tracks.0"],
  [{ tracks: [1.5] }, "tracks.0"],
  [{ tracks: [0, "english"] }, "tracks.1"],
  [{ tracks: ["en:1,movie=x"] }, "tracks.0"],
  [{ channels: 6 }, "channels"],
  [{ layout: "5.1" }, "layout"],
])("says what is wrong with %p by its field", (sound, field) => {
  const { issues = [] } = v.safeParse(SoundOrder, sound);
  expect(issues.map((issue) => v.getDotPath(issue))).toEqual([field]);
});

test("films of several inputs take no choice of tracks, and no more than stereo", () => {
  expect(joinedSoundProblem({ tracks: ["en"] })?.field).toBe("tracks");
  expect(joinedSoundProblem({ channels: "source" })?.field).toBe("channels");
  expect(joinedSoundProblem({ channels: "mono" })).toBeUndefined();
});
