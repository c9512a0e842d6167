import { expect, test } from "bun:test";
import { join } from "node:path";
import { makeOutput } from "#tests/integration/ffmpeg/work.ts";
import { ffmpegMakes, footage, h264, motion } from "#tests/support/footage.ts";
import { segmentedShapes } from "#tests/support/presets/shapes.ts";
import { tracksOf as segmentsOf } from "#worker/manifests/tracks.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";

const shapeNamed = (name: string) => segmentedShapes.filter((shape) => shape.name === name);

/** Every rate with every shape and every length of segments at least once. */
const pairs = [
  ["24", "hls_ts", 2],
  ["24", "cmaf", 6],
  ["25", "hls_fmp4", 4],
  ["25", "dash", 6],
  ["30000/1001", "hls_ts", 6],
  ["30000/1001", "dash", 2],
  ["30", "cmaf", 4],
  ["30", "hls_fmp4", 6],
  ["60", "dash", 4],
  ["60", "hls_ts", 4],
  ["60", "hls_fmp4", 2],
  ["60", "cmaf", 2],
] as const;

const length = 14;
const pictures = (rate: string) => {
  const [over = 1, under = 1] = rate.split("/").map(Number);
  return over / under;
};

/** A recording that leaves out one picture in 400. */
const leavingOut = (rate: string) =>
  footage(
    ffmpegMakes(motion(length, "160x90", rate), ["-vf", "select='mod(n+200,400)'", "-fps_mode", "vfr"], h264),
    "mp4",
    ["one in 400 left out", rate, length],
  );

const withSegments = (shape: SegmentedPreset, seconds: number): SegmentedPreset => ({
  ...shape,
  video: { ...shape.video, speed: "ultrafast" },
  segments: { ...shape.segments, seconds },
});

test.each(pairs)("%s pictures a second, one in 400 left out, as %s of %i s", async (rate, name, seconds) => {
  const [shape] = shapeNamed(name);
  if (!shape) throw new Error(`no shape ${name}`);
  const { files, planned } = await makeOutput(await leavingOut(rate), withSegments(shape, seconds));
  const perSecond = pictures(rate);
  const segment = Math.ceil(perSecond - 1e-6) * seconds;
  const whole = Math.round(length * perSecond);
  const expected = Array.from({ length: Math.ceil(whole / segment) }, (_, at) =>
    Math.min(segment, whole - at * segment),
  );
  const textOf = (file: string) => files.find((one) => one.name === file)?.text;
  for (const entry of planned.entries) {
    const tracks = segmentsOf(entry, textOf);
    expect(tracks.length).toBeGreaterThanOrEqual(2);
    for (const { segments } of tracks) {
      const frames = segments.map((one) => one.seconds * perSecond);
      expect(frames).toHaveLength(expected.length);
      expect(frames.map((found, at) => Math.abs(found - (expected[at] ?? 0))).filter((off) => off > 1)).toEqual([]);
    }
  }
});

test("every segment begins with a keyframe and holds as many pictures as planned", async () => {
  const [shape] = shapeNamed("hls_ts");
  if (!shape) throw new Error("no shape");
  const { files, dir } = await makeOutput(await leavingOut("30000/1001"), withSegments(shape, 6));
  const names = files.map(({ name }) => name).filter((name) => /^segment_0_\d+\.ts$/.test(name));
  const counts = [];
  for (const name of names) {
    const query = ["-select_streams", "v", "-show_entries", "packet=flags", "-of", "csv=p=0", join(dir, name)];
    const packets = (await Bun.$`ffprobe -v error ${query}`.text()).split("\n").filter(Boolean);
    expect(packets[0]).toStartWith("K");
    counts.push(packets.length);
  }
  expect(counts).toEqual([180, 180, 60]);
});
