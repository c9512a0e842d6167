import { expect, test } from "bun:test";
import { measureTrack } from "#worker/manifests/measured-track.ts";
import type { SegmentTrack } from "#worker/verify/segment-track.ts";

const held = (id: number, codec?: string): SegmentTrack => ({
  ...{ id, kind: "audio", count: 1, firstDecoded: 0, lastDecoded: 0, firstShown: 0, lastShown: 0, backwards: 0 },
  ...(codec !== undefined && { codec }),
});

const codecsOf = (contents: Record<string, readonly SegmentTrack[]>) =>
  measureTrack(
    {
      ...{ name: "a.m3u8", init: undefined, targetDuration: 1, isEnded: true, isEncrypted: false },
      segments: Object.keys(contents).map((name) => ({ name, seconds: 1 })),
    },
    { sizeOf: () => 1_000, headOf: () => undefined, contentsOf: (name) => contents[name] },
  ).codecs;

test("without an init segment the segments say what they hold, though one lacks what others have", () => {
  const [video, audio] = [held(256, "avc1.64001f"), held(257, "mp4a.40.2")];
  expect(codecsOf({ "0.ts": [video], "1.ts": [video, audio] })).toEqual(["avc1.64001f", "mp4a.40.2"]);
});

test("nothing is said where something of them has no name", () => {
  expect(codecsOf({ "0.ts": [held(256, "avc1.64001f"), held(257)] })).toBeUndefined();
});
