import { expect, test } from "bun:test";
import { initSegment, mediaSegment } from "#tests/support/fmp4-boxes.ts";
import { lipSyncProblem } from "#worker/verify/lip-sync.ts";

type Edits = readonly (readonly [number, number])[];
type Track = { edits?: Edits; decodeTime?: number; offset?: number };

function problemOf({ video = {}, audio = {} }: { video?: Track; audio?: Track }) {
  const heads = {
    "init_0.mp4": initSegment({ id: 1, handler: "vide", timescale: 12_800, edits: video.edits ?? [] }),
    "segment_0_000.m4s": mediaSegment({ id: 1, decodeTime: video.decodeTime ?? 0, offsets: [video.offset ?? 0] }),
    "init_audio.mp4": initSegment({ id: 1, handler: "soun", timescale: 48_000, edits: audio.edits ?? [] }),
    "segment_audio_000.m4s": mediaSegment({ id: 1, decodeTime: audio.decodeTime ?? 0, offsets: [0] }),
  };
  const files = new Map(Object.entries(heads).map(([name, head]) => [name, { name, bytes: head.length, head }]));
  const track = (name: string) => ({
    ...{ name: `stream_${name}.m3u8`, init: `init_${name}.mp4`, targetDuration: 2, isEnded: true, isEncrypted: false },
    segments: [{ name: `segment_${name}_000.m4s`, seconds: 2 }],
  });
  return lipSyncProblem([track("0"), track("audio")], files);
}

test("tracks that begin together without edit lists are in step", () => {
  expect(problemOf({})).toBeUndefined();
  expect(problemOf({ video: { edits: [[0, 0]] }, audio: { edits: [[0, 0]] } })).toBeUndefined();
  expect(problemOf({ video: { decodeTime: 12_800 }, audio: { decodeTime: 48_000 } })).toBeUndefined();
  // The priming of Opus is shorter than anyone hears.
  expect(problemOf({ audio: { edits: [[0, 312]] } })).toBeUndefined();
});

test.each([
  [
    "80 ms ahead of",
    {
      video: {
        edits: [
          [80, -1],
          [0, 1_024],
        ],
        offset: 1_024,
      },
      audio: {
        edits: [
          [58, -1],
          [0, 0],
        ],
      },
    },
  ],
  ["80 ms ahead of", { video: { edits: [[0, 1_024]], offset: 1_024 }, audio: { edits: [[0, 1_024]] } }],
  ["21 ms ahead of", { audio: { edits: [[0, 1_024]] } }],
  ["100 ms behind", { audio: { decodeTime: 4_800 } }],
] as const)("sound that is %s the picture", (words, tracks) => {
  expect(problemOf(tracks)).toBe(`stream_audio.m3u8: it is ${words} stream_0.m3u8 in players`);
});

test("both tracks of one segment are told apart", () => {
  const init = initSegment(
    { id: 1, handler: "vide", timescale: 12_800 },
    { id: 2, handler: "soun", timescale: 48_000 },
  );
  const media = mediaSegment({ id: 1, decodeTime: 0, offsets: [0] }, { id: 2, decodeTime: 2_400, offsets: [0] });
  const files = new Map(
    [init, media].map((head, at) => [`${at}`, { name: `${at}`, bytes: head.length, head }] as const),
  );
  const track = {
    name: "playlist.m3u8",
    init: "0",
    segments: [{ name: "1", seconds: 2 }],
    targetDuration: 2,
    isEnded: true,
    isEncrypted: false,
  };
  expect(lipSyncProblem([track], files)).toBe(
    "the audio of playlist.m3u8: it is 50 ms behind the video of playlist.m3u8 in players",
  );
});

test.each([
  [-6_000, -6_000, undefined],
  [-6_000, -4_200, undefined],
  [-15_000, 0, "the audio of playlist.m3u8: it is 167 ms behind the video of playlist.m3u8 in players"],
  [0, -1_920, "the audio of playlist.m3u8: it is 21 ms ahead of the video of playlist.m3u8 in players"],
])("in MPEG-TS a picture decoded at %i and sound at %i", (picture, sound, words) => {
  const part = (id: number, kind: "video" | "audio", at: number) => ({
    ...{ id, kind, count: 1, backwards: 0 },
    ...{ firstDecoded: at, lastDecoded: at, firstShown: at, lastShown: at },
  });
  const contents = [part(256, "video", picture), part(257, "audio", sound)];
  const segments = [{ name: "segment_000.ts", seconds: 2 }];
  const files = new Map([["segment_000.ts", { name: "segment_000.ts", bytes: 188, contents }]]);
  expect(
    lipSyncProblem(
      [{ name: "playlist.m3u8", init: undefined, segments, targetDuration: 2, isEnded: true, isEncrypted: false }],
      files,
    ),
  ).toBe(words);
});
