import { expect, test } from "bun:test";
import { purposeOf } from "#worker/ffmpeg/disposition.ts";
import { fileSounds, isSurround, keptSound, plainSound } from "#worker/plan/kept-sound.ts";

const track = (channels: number, layout?: string, more = {}) => ({
  ...{ index: 1, codec: "ac3", channels, layout, language: undefined, ...more },
  ...purposeOf({}),
});
const settings = { codec: "aac", bitrate: "128k", channels: "source" } as const;

test.each([
  [6, "5.1(side)", true],
  [8, "7.1", true],
  [5, "5.0", true],
  [3, "2.1", true],
  [6, undefined, true],
  [2, "stereo", false],
  [4, undefined, false],
  [4, "4 channels", false],
  [4, "ambisonic 1", false],
])("%i channels of %p are around the listener: %p", (channels, layout, is) => {
  expect(isSurround(track(channels, layout))).toBe(is);
});

test("what changes on the way is stereo", () => {
  expect(isSurround(track(6, "5.1", { isChanging: true }))).toBe(false);
});

test("surround is kept as 5.1 with as much for each channel, and stereo stays what it is", () => {
  expect(keptSound(settings, track(8, "7.1"))).toEqual({ codec: "aac", bitrate: "384k", channels: 6 });
  expect(keptSound(settings, track(2, "stereo"))).toEqual({ codec: "aac", bitrate: "128k", channels: 2 });
  expect(keptSound({ ...settings, channels: 1 }, track(6, "5.1"))).toEqual({
    codec: "aac",
    bitrate: "128k",
    channels: 1,
  });
  expect(plainSound(settings)).toEqual({ codec: "aac", bitrate: "128k", channels: 2 });
});

test("a file has the main sound, or all that are asked for", () => {
  const audio = [track(6, "5.1"), track(2, "stereo")];
  expect(fileSounds(settings, { audio }).map(({ settings }) => settings.channels)).toEqual([6]);
  expect(fileSounds({ ...settings, tracks: [0, 1] }, { audio }).map(({ settings }) => settings.channels)).toEqual([
    6, 2,
  ]);
  expect(fileSounds(undefined, { audio })).toEqual([]);
});
