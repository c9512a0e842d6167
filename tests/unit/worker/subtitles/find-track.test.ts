import { expect, test } from "bun:test";
import { faultIn } from "#shared/fault.ts";
import { purposeOf } from "#worker/ffmpeg/disposition.ts";
import { findTrack } from "#worker/subtitles/find-track.ts";

const track = (index: number, language: string | undefined, forced = 0) => ({
  ...{ index, codec: "subrip", language },
  ...purposeOf({ disposition: { forced } }),
});
const subtitles = [track(2, "eng"), track(3, "ger", 1), track(4, "deu"), track(5, undefined)];
const found = (order: { track: string | number; forced?: boolean }) => findTrack(order, { subtitles }, "f").index;

test("a track is found by its number, or by its language however that is written", () => {
  expect(found({ track: 5 })).toBe(5);
  expect(found({ track: "en" })).toBe(2);
  expect(found({ track: "en-GB" })).toBe(2);
  expect(found({ track: "de" })).toBe(4);
  expect(found({ track: "ger", forced: true })).toBe(3);
});

test("a track that is not there is refused with those that are", () => {
  const [field] = faultIn(() => found({ track: "fr" }))?.fields ?? [];
  expect(field).toEqual({
    field: "f",
    message: "is fr, and the source has 2 (eng, subrip), 3 (ger, subrip), 4 (deu, subrip), 5 (subrip)",
  });
  expect(faultIn(() => found({ track: 0 }))?.fields).toHaveLength(1);
  expect(faultIn(() => found({ track: "und" }))?.fields).toHaveLength(1);
});
