import { expect, test } from "bun:test";
import { adts, packet, pes, tables } from "#tests/support/mpegts-packets.ts";
import { makeTsReader } from "#worker/mpegts/segment.ts";

const video = { pid: 0x100, type: 0x1b };
const audio = { pid: 0x101, type: 0x0f };

function read(...pieces: readonly Uint8Array[]) {
  const reader = makeTsReader();
  for (const piece of pieces) reader.read(piece);
  return reader.end();
}

const pictures = [
  pes(video.pid, 9_000, 2_000),
  packet(video.pid, [1, 2, 3]),
  pes(video.pid, 16_200, 5_600),
  pes(video.pid, 12_600, 9_200),
];

test("a segment tells its pictures and when they are decoded and shown", () => {
  expect(read(tables(video), ...pictures)).toEqual([
    {
      ...{ id: video.pid, kind: "video", count: 3, backwards: 0 },
      ...{ firstDecoded: 2_000, lastDecoded: 9_200, firstShown: 9_000, lastShown: 16_200 },
      // Two tables and the packets of the first picture lie before the second.
      firstEnd: 752,
    },
  ]);
});

test("frames of sound are counted wherever packets divide them", () => {
  const frames = [...adts(40), ...adts(200), ...adts(3), ...adts(80)];
  const pieces = [0, 90, 250, 251, 252].map((from, at, all) => frames.slice(from, all[at + 1]));
  const [first = [], ...rest] = pieces.map((piece) => piece);
  const divided = rest.flatMap((piece) =>
    piece.length > 150
      ? [piece.slice(0, 150), piece.slice(150)].map((one) => packet(audio.pid, one))
      : [packet(audio.pid, piece)],
  );
  const again = pes(audio.pid, 9_000, 9_000, adts(12));
  expect(read(tables(video, audio), pes(audio.pid, 0, 0, first), ...divided, again)?.[0]).toMatchObject({
    ...{ id: audio.pid, kind: "audio", count: 5, firstDecoded: 0, lastDecoded: 9_000 },
  });
});

test("a clock that begins again goes on", () => {
  const last = 2 ** 33 - 1_800;
  expect(read(tables(video), pes(video.pid, last, last), pes(video.pid, 1_800, 1_800))?.[0]).toMatchObject({
    ...{ count: 2, firstDecoded: last, lastDecoded: 2 ** 33 + 1_800, backwards: 0 },
  });
});

test("what is decoded before the one before is counted", () => {
  const back = [pes(video.pid, 9_000, 9_000), pes(video.pid, 5_400, 5_400), pes(video.pid, 5_400, 5_400)];
  expect(read(tables(video), ...back)?.[0]).toMatchObject({ count: 3, backwards: 2 });
});

const whole = Buffer.concat([tables(video, audio), ...pictures, pes(audio.pid, 0, 0, adts(60))]);

test.each<[string, Uint8Array]>([
  ["nothing", new Uint8Array()],
  ["tables alone", tables(video)],
  ["a part of a packet", whole.subarray(0, whole.length - 1)],
  ["another format", Buffer.from("ftypisom".repeat(100))],
  [
    "a stream without timestamps",
    Buffer.concat([tables(video), packet(video.pid, [0, 0, 1, 0xe0, 0, 0, 0x80, 0, 0], true)]),
  ],
  ["sound that is no ADTS", Buffer.concat([tables(audio), pes(audio.pid, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8])])],
  ["half a frame of sound", Buffer.concat([tables(audio), pes(audio.pid, 0, 0, adts(60).slice(0, 50))])],
])("%s is no segment", (_, bytes) => {
  expect(read(bytes)).toBeUndefined();
});

test("no bytes make it throw", () => {
  const random = (seed: number) => (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 7) & 0xff;
  for (let seed = 0; seed < 400; seed += 1) {
    const bytes = Uint8Array.from(whole, (byte, at) => (random(seed * 7_919 + at) < 6 ? random(seed + at) : byte));
    for (let at = 0; at < bytes.length; at += 188) bytes[at] = 0x47;
    expect(() => read(bytes)).not.toThrow();
  }
});
