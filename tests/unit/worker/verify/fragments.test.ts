import { expect, test } from "bun:test";
import { box, initSegment, mediaSegment } from "#tests/support/fmp4-boxes.ts";
import { fragmentsIn, initTracks } from "#worker/verify/fragments.ts";

const init = initSegment(
  {
    id: 1,
    handler: "vide",
    timescale: 12_800,
    edits: [
      [80, -1],
      [4_000, 1_024],
    ],
  },
  { id: 2, handler: "soun", timescale: 48_000 },
);

test("an init segment tells its tracks with their edit lists", () => {
  expect(initTracks(init)).toEqual([
    {
      ...{ id: 1, kind: "video", timescale: 12_800, defaultDuration: 512 },
      edits: [
        { seconds: 0.08, mediaTime: undefined },
        { seconds: 4, mediaTime: 0.08 },
      ],
    },
    { id: 2, kind: "audio", timescale: 48_000, defaultDuration: 1_920, edits: [] },
  ]);
});

test("a segment tells when its samples are decoded and shown", () => {
  const segment = mediaSegment(
    { id: 1, decodeTime: 25_600, offsets: [0, 1_536, -1_024] },
    { id: 2, decodeTime: 96_256, offsets: [0] },
  );
  expect(fragmentsIn(segment, initTracks(init))).toEqual([
    {
      trackId: 1,
      decodeTime: 25_600,
      samples: [0, 1_536, -1_024].map((compositionOffset) => ({ duration: 512, compositionOffset })),
    },
    { trackId: 2, decodeTime: 96_256, samples: [{ duration: 1_920, compositionOffset: 0 }] },
  ]);
});

test("what a fragment says of durations goes before what the init segment says", () => {
  const traf = box(
    "traf",
    box("tfhd", [0x02_00_08, 1, 640]),
    box("tfdt", [0, 7]),
    box("trun", [0x05, 1, 0, 0]),
    box("trun", [0x01_01, 2, 0, 100, 200]),
  );
  const [fragment] = fragmentsIn(box("moof", traf), initTracks(init));
  expect(fragment?.decodeTime).toBe(7);
  expect(fragment?.samples.map(({ duration }) => duration)).toEqual([640, 100, 200]);
});

test.each([0, 5, 40, 100])("of the first %i bytes alone nothing is made up", (length) => {
  expect(initTracks(init.subarray(0, length))).toEqual([]);
  expect(fragmentsIn(mediaSegment({ id: 1, decodeTime: 0, offsets: [0] }).subarray(0, length), [])).toEqual([]);
});
