import { expect, test } from "bun:test";
import { purposeOf } from "#worker/ffmpeg/disposition.ts";
import { ladderSounds } from "#worker/plan/ladder-sounds.ts";

const track = (index: number, channels: number, layout: string) => ({
  ...{ index, codec: "ac3", channels, layout, language: undefined },
  ...purposeOf({}),
});
const tracks = [track(1, 6, "5.1"), track(2, 2, "stereo"), track(3, 1, "mono")];
const settings = { codec: "aac", bitrate: "64k", channels: "source" } as const;
const made = (audio: Parameters<typeof ladderSounds>[0], output: "hls" | "dash" | "cmaf", of = tracks, isOne = false) =>
  ladderSounds(audio, of, { output, isOne }).map(
    ({ group, at, settings: { codec, channels, bitrate } }) => `${group} ${at}: ${codec} ${channels} ${bitrate}`,
  );

const stereo = ["audio 0: aac 2 64k", "audio 1: aac 2 64k", "audio 2: aac 2 64k"];

test("the groups of a playlist have the same members, and 5.1 only what is surround", () => {
  const all = [...stereo, "surround 0: aac 6 192k", "eac3 0: eac3 6 384k", "eac3 1: eac3 2 192k", "eac3 2: eac3 2 96k"];
  expect(made(settings, "hls")).toEqual(all);
  expect(made(settings, "cmaf")).toEqual(all);
});

test("a manifest has no groups, and nothing of what is stereo again", () => {
  expect(made(settings, "dash")).toEqual([...stereo, "surround 0: aac 6 192k", "eac3 0: eac3 6 384k"]);
});

test("without E-AC-3 there is 5.1 in AAC, and without surround nothing else than stereo", () => {
  expect(made({ ...settings, eac3: false }, "hls")).toEqual([...stereo, "surround 0: aac 6 192k"]);
  expect(made(settings, "hls", tracks.slice(1))).toEqual(stereo.slice(0, 2));
  expect(made({ ...settings, channels: 2 }, "hls")).toEqual(stereo);
});

test("where there can be one sound, it keeps its channels itself", () => {
  expect(made(settings, "hls", tracks.slice(0, 1), true)).toEqual(["audio 0: aac 6 192k"]);
});
