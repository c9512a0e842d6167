import { expect, test } from "bun:test";
import { purposeOf } from "#worker/ffmpeg/disposition.ts";
import { ladderSounds } from "#worker/plan/ladder-sounds.ts";
import { soundGroups } from "#worker/plan/sound-groups.ts";

const track = (index: number, channels: number, layout: string) => ({
  ...{ index, codec: "ac3", channels, layout, language: undefined },
  ...purposeOf({}),
});
const audio = [track(1, 2, "stereo"), track(2, 6, "5.1")];
const sounds = ladderSounds({ codec: "aac", bitrate: "64k", channels: "source" }, audio, {
  output: "hls",
  isOne: false,
});
const uris = ["a", "a1", "s1", "e", "e1"];

test("each group has a member for each track, what is stereo the same in that of 5.1", () => {
  const groups = soundGroups({ audio, sounds }, uris);
  expect(groups.map(({ id, members }) => [id, members.map(({ uri }) => uri)])).toEqual([
    ["audio", ["a", "a1"]],
    ["surround", ["a", "s1"]],
    ["eac3", ["e", "e1"]],
  ]);
  expect(groups.map(({ codecs, bitRate }) => [codecs.join(), bitRate])).toEqual([
    ["mp4a.40.2", 64_000],
    ["mp4a.40.2", 192_000],
    ["ec-3", 384_000],
  ]);
});

test("sound in the segments of the picture has no group, and silence no codec", () => {
  expect(soundGroups({ audio: audio.slice(0, 1), sounds: sounds.slice(0, 1) }, [])).toMatchObject([
    { id: undefined, members: [], codecs: ["mp4a.40.2"] },
  ]);
  expect(soundGroups({ audio: [], sounds: [] }, [])).toEqual([{ id: undefined, members: [], codecs: [], bitRate: 0 }]);
});
