import { expect, test } from "bun:test";
import { box } from "#tests/support/fmp4-boxes.ts";
import { addFragment } from "#worker/mp4/segment.ts";
import type { SegmentTrack } from "#worker/verify/segment-track.ts";

const fragment = (id: number, decodeTime: number, ...offsets: readonly number[]) =>
  box(
    "moof",
    box("mfhd", [0, 1]),
    box(
      "traf",
      box("tfhd", [0x02_00_08, id, 512]),
      box("tfdt", [0x01_00_00_00, 0, decodeTime]),
      box("trun", [0x01_00_08_01, offsets.length, 0, ...offsets]),
    ),
  );

function read(...fragments: readonly Uint8Array[]) {
  const tracks = new Map<number, SegmentTrack>();
  const isRead = fragments.every((one) => addFragment(tracks, one));
  return isRead ? [...tracks.values()] : undefined;
}

test("fragments tell their samples and when they are decoded and shown", () => {
  expect(read(fragment(1, 1_024, 0, 1_024, -512), fragment(2, 0, 0), fragment(1, 2_560, 0))).toEqual([
    {
      ...{ id: 1, kind: undefined, count: 4, backwards: 0 },
      ...{ firstDecoded: 1_024, lastDecoded: 2_560, firstShown: 1_024, lastShown: 2_560 },
    },
    {
      ...{ id: 2, kind: undefined, count: 1, backwards: 0 },
      ...{ firstDecoded: 0, lastDecoded: 0, firstShown: 0, lastShown: 0 },
    },
  ]);
});

test("fragments that overlap are found", () => {
  expect(read(fragment(1, 0, 0, 0, 0), fragment(1, 512, 0))?.[0]).toMatchObject({ count: 4, backwards: 1 });
});

test("an index that is cut off, empty or names more samples than there can be is none", () => {
  const whole = fragment(1, 0, 0, 0);
  expect(read(whole.subarray(0, whole.length - 1))).toBeUndefined();
  expect(read(box("moof", box("mfhd", [0, 1])))).toBeUndefined();
  const many = box("trun", [0, 0x7f_ff_ff_ff]);
  const traf = box("traf", box("tfhd", [0x02_00_08, 1, 512]), box("tfdt", [0, 0]), many);
  expect(read(box("moof", traf))).toBeUndefined();
});
