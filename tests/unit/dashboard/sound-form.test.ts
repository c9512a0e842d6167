import { expect, test } from "bun:test";
import { noSound, soundOf } from "#dashboard/sound-form.ts";

test("sounds are ordered where they are written", () => {
  expect(soundOf(noSound)).toEqual({});
  expect(soundOf({ tracks: " en, 2 ", channels: "source" })).toEqual({
    audio: { tracks: ["en", 2], channels: "source" },
  });
  expect(soundOf({ tracks: "", channels: "mono" })).toEqual({ audio: { channels: "mono" } });
});
