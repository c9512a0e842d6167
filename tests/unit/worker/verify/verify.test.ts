import { expect, test } from "bun:test";
import { packets, source } from "#tests/support/plan-sources.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { StreamPackets } from "#worker/ffmpeg/stream-packets.ts";
import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { OutputFile } from "#worker/verify/output-file.ts";
import { verify } from "#worker/verify/verify.ts";

const plan: Plan = {
  args: [],
  outputDir: "/jobs/out",
  outputType: "single",
  entry: "output.mp4",
  entries: ["output.mp4"],
  isMedia: () => false,
  samples: [],
  files: [{ name: "output.mp4", video: { codec: "h264", size: 720 }, audio: { codec: "aac" }, seconds: 10 }],
  durationSeconds: 10,
  totalFrames: 240,
};
const small = { width: 1_280, height: 720 };
const output = (probe: Probe | undefined, bytes = 1_000): OutputFile => ({ name: "output.mp4", bytes, probe });

const bt709 = { matrix: "bt709", primaries: "bt709", transfer: "bt709", range: "tv" } as const;
const whole: Plan = {
  ...plan,
  files: [
    {
      name: "output.mp4",
      video: { codec: "h264", size: 720, seconds: 10, frames: 240, colour: bt709 },
      audio: { codec: "aac", seconds: 10 },
      seconds: 10,
    },
  ],
};
const sound = (of: Partial<StreamPackets> = {}) =>
  packets({ count: 469, shortInterval: 1_024 / 48_000, meanInterval: 1_024 / 48_000, ...of });
const made = (video: Partial<VideoStream> = {}, audio: Partial<StreamPackets> = {}) => {
  const good = source({ ...small, ...bt709, packets: packets(), ...video });
  return output({ ...good, audio: good.audio.map((track) => ({ ...track, packets: sound(audio) })) });
};

test("accepts what was planned", () => {
  expect(() => verify(whole, [made()])).not.toThrow();
  expect(() => verify(whole, [made({}, { endSeconds: 10.09, count: 473 })])).not.toThrow();
});

test.each<[string, Partial<VideoStream>, Partial<StreamPackets>, string]>([
  ["a lost picture", { packets: packets({ count: 239 }) }, {}, "it has 239 pictures instead of 240"],
  [
    "a picture that ends early",
    { packets: packets({ endSeconds: 9 }) },
    {},
    "its pictures last until 9.00 s instead of 10.00 s",
  ],
  ["sound that ends early", {}, { endSeconds: 8 }, "its sound lasts until 8.00 s instead of 10.00 s"],
  ["sound that comes twice", {}, { count: 562 }, "all of its sound together lasts until 11.99 s instead of 10.00 s"],
  ["timestamps that go back", {}, { backwards: 3 }, "3 packets of sound do not come after the one before"],
  ["a picture without tags", { matrix: undefined }, {}, "its colour says matrix unknown, not bt709"],
  ["full range", { range: "pc" }, {}, "its colour says range pc, not tv"],
  ["ten bits", { pixelFormat: "yuv420p10le" }, {}, "its pixels are yuv420p10le, not of 8 bits"],
])("refuses %s", (_, video, audio, problem) => {
  expect(() => verify(whole, [made(video, audio)])).toThrow(`output.mp4: ${problem}`);
});

test("a user's own output is nearly as long as the source, if nothing in it changes that", () => {
  const own = { ...plan, files: [{ name: "output.mp4", seconds: 1_000 }] };
  const lasting = (durationSeconds: number | undefined) => [output(source(small, { durationSeconds }))];
  expect(() => verify(own, lasting(995))).not.toThrow();
  expect(() => verify({ ...own, files: [{ name: "output.mp4" }] }, lasting(undefined))).not.toThrow();
  expect(() => verify(own, lasting(undefined))).toThrow("output.mp4: it does not say how long it is");
  expect(() => verify(own, lasting(32))).toThrow(
    "the output is 32.0 s long but the source says 1000.0 s: the source may be cut off or damaged",
  );
});

test.each<[OutputFile[], string]>([
  [[], "ffmpeg did not write it"],
  [[output(undefined, 0)], "it is empty"],
  [[output(undefined)], "it cannot be read as media"],
  [[output({ ...source(small), video: undefined })], "it has no video"],
  [[output(source({ ...small, codec: "mpeg4" }))], "its video is mpeg4, not h264"],
  [[output(source(small, { audio: [] }))], "it has no audio, but the source has"],
  [[output(source({ width: 1_080, height: 1_920 }))], "its short side is 1080 pixels, more than 720"],
])("refuses %#: %s", (files, problem) => {
  expect(() => verify(plan, files)).toThrow(`output.mp4: ${problem}`);
});
