import { expect, test } from "bun:test";
import { soundIn } from "#cli/encode/sound-options.ts";

test("sounds are numbers or languages, in their order", () => {
  expect(soundIn({})).toEqual({});
  expect(soundIn({ audioTracks: "en, 2", audioChannels: "source" })).toEqual({
    audio: { tracks: ["en", 2], channels: "source" },
  });
});
