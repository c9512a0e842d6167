import { expect, test } from "bun:test";
import { readPackets } from "#worker/ffmpeg/packets.ts";

/** What ffmpeg writes for a stream of 25 pictures a second: when each is decoded and shown, in ticks. */
async function read(times: readonly (readonly [dts: number, pts: number])[]) {
  const lines = times.map(([dts, pts], at) => `0, ${dts}, ${pts}, 1, 500, 0x1${at > 0 ? ", F=0x0" : ""}`);
  const text = ["#tb 0: 1/25", "#media_type 0: video", ...lines, ""].join("\n");
  const said = Promise.resolve(["  Stream #0:3 -> #0:0 (copy)"]);
  const { streams } = await readPackets(new Blob([text]).stream(), said);
  return streams.get(3);
}

const none = "-9223372036854775808";

test("a stream without a container begins at zero, though its pictures are decoded before they are shown", async () => {
  const times = [-2, -1, 0, 1].map((dts) => [dts, Number(none)] as const);
  expect(await read(times)).toMatchObject({
    count: 4,
    undecodable: 0,
    startSeconds: 0,
    endSeconds: 0.16,
    keyframes: [0],
  });
});

test("what an edit list leaves out is shown by no decoder", async () => {
  const lines = ["0, -2, -2, 1, 500, 0x1, F=0x5", "0, -1, -1, 1, 500, 0x1, F=0x4", "0, 0, 0, 1, 500, 0x1, F=0x0"];
  const text = ["#tb 0: 1/25", "#media_type 0: video", ...lines, ""].join("\n");
  const { streams } = await readPackets(new Blob([text]).stream(), Promise.resolve(["  Stream #0:0 -> #0:0 (copy)"]));
  expect(streams.get(0)).toMatchObject({ count: 3, undecodable: 2, keyframes: [-0.08] });
});

test("a clock starts again where many packets in a row stand still", async () => {
  const first = Array.from({ length: 50 }, (_, at) => [at, at] as const);
  const standing = Array.from({ length: 12 }, () => [49, 49] as const);
  expect((await read([...first, ...standing]))?.restartsAt).toBeCloseTo(1.96);
  expect((await read([...first, ...standing.slice(0, 8)]))?.restartsAt).toBeUndefined();
  const untimed = Array.from({ length: 12 }, (_, at) => [Number(none), at] as const);
  expect((await read(untimed))?.restartsAt).toBeUndefined();
});

test("a stream that says when its pictures are shown is taken at its word", async () => {
  const times = [-2, -1, 0, 1].map((dts) => [dts, dts + 2] as const);
  expect(await read(times)).toMatchObject({ count: 4, startSeconds: 0, endSeconds: 0.16, keyframes: [0] });
  const late = [0, 1, 2, 3].map((dts) => [dts, dts + 5] as const);
  expect(await read(late)).toMatchObject({ startSeconds: 0.2, endSeconds: 0.36, keyframes: [0.2] });
});

test("a picture that is shown after those that are decoded behind it stands no longer for the pause before them", async () => {
  // As the demuxer of mp4 counts how long a packet lasts since ffmpeg 9: until the next one is decoded.
  const lines = ["0, 0, 2, 1, 500, 0x1", "0, 1, 104, 101, 500, 0x1, F=0x0", "0, 102, 102, 1, 500, 0x1, F=0x0"];
  const text = ["#tb 0: 1/25", "#media_type 0: video", ...lines, "0, 103, 103, 1, 500, 0x1, F=0x0", ""].join("\n");
  const { streams } = await readPackets(new Blob([text]).stream(), Promise.resolve(["  Stream #0:0 -> #0:0 (copy)"]));
  expect(streams.get(0)).toMatchObject({ lastSeconds: 4.16, endSeconds: 4.2 });
});
