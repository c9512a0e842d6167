import { expect, test } from "bun:test";
import { countVariants, streamMapProblem, withAudioGroup, withoutAudio } from "#worker/presets/stream-map.ts";

test.each([
  ["v:0,a:0 v:1,a:0", "v:0,agroup:audio v:1,agroup:audio a:0,agroup:audio,name:audio,default:yes"],
  [
    " v:0,a:0,name:hd  v:1,a:0,name:sd ",
    "v:0,name:hd,agroup:audio v:1,name:sd,agroup:audio a:0,agroup:audio,name:audio,default:yes",
  ],
  [
    "v:0,a:0,language:ger v:1,a:0,language:ger",
    "v:0,agroup:audio v:1,agroup:audio a:0,agroup:audio,name:audio,default:yes,language:ger",
  ],
  [
    "v:0,a:0,a:1 v:1,a:0,a:1",
    "v:0,agroup:audio v:1,agroup:audio a:0,agroup:audio,name:audio,default:yes a:1,agroup:audio,name:audio_1",
  ],
  [
    "v:0,a:0,agroup:x v:1,a:0,agroup:x v:2,a:1,name:audio",
    "v:0,agroup:audio_shared v:1,agroup:audio_shared v:2,a:1,name:audio " +
      "a:0,agroup:audio_shared,name:audio_shared,default:yes",
  ],
])("makes a group of the audio that %j shares", (map, grouped) => {
  expect(streamMapProblem(map)).toBeUndefined();
  expect(withAudioGroup(map)).toBe(grouped);
});

test.each(["v:0,a:0 v:1,a:1", "v:0,agroup:a v:1,agroup:a a:0,agroup:a", "v:0 v:1", "v:0,a:0"])(
  "leaves %j as it is",
  (map) => {
    expect(streamMapProblem(map)).toBeUndefined();
    expect(withAudioGroup(map)).toBe(map);
  },
);

test.each([
  ["v:0,a:0 v:0,a:1", "names v:0 more than once"],
  ["v:0,s:0 v:1,s:0", "names s:0 more than once"],
  ["v:0,a:0 v:1,a:0,a:1", "names audio more than once; make it a group, as in v:0,agroup:audio"],
  ["v:0,a:0 a:0,agroup:x", "names audio more than once"],
  ["v:0,a:0 v:1,a:0 v:2,a:1 v:3,a:1", "names audio more than once"],
])("says what is wrong with %j", (map, problem) => {
  expect(streamMapProblem(map)).toStartWith(problem);
});

test.each([
  ["v:0,a:0 v:1,a:0", "v:0 v:1"],
  ["v:0,agroup:a,name:hd v:1,agroup:a a:0,agroup:a,default:yes", "v:0,name:hd v:1"],
])("takes the audio out of %j", (map, silent) => {
  expect(withoutAudio(map)).toBe(silent);
});

test("counts variants", () => {
  expect(["", "v:0", "v:0,a:0  v:1,a:0 "].map(countVariants)).toEqual([0, 1, 2]);
});
