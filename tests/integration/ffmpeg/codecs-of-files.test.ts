import { expect, test } from "bun:test";
import { join } from "node:path";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { codecsOfFile } from "#worker/facts/codecs.ts";
import { measure } from "#worker/ffmpeg/examine.ts";
import { makeDir, signal } from "./work.ts";

const x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-level", "1.1"];
const x265 = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error"];

test.each([
  ["mp4", [...x264, "-c:a", "aac"], ["avc1.42c00b", "mp4a.40.2"]],
  ["mov", [...x264, "-c:a", "aac"], ["avc1.42c00b", "mp4a.40.2"]],
  ["mkv", [...x264, "-c:a", "libmp3lame"], ["avc1.42c00b", "mp4a.40.34"]],
  ["mkv", [...x265, "-c:a", "ac3"], ["hvc1.1.6.L30.90", "ac-3"]],
  ["ts", [...x264, "-c:a", "mp2"], ["avc1.42c00b", "mp4a.40.33"]],
  ["ts", [...x265, "-c:a", "ac3"], ["hvc1.1.6.L30.90", "ac-3"]],
  ["webm", ["-c:v", "libvpx", "-c:a", "libvorbis"], ["vp8", "vorbis"]],
  ["webm", ["-c:v", "libvpx-vp9", "-cpu-used", "8", "-c:a", "libopus"], ["vp09.00.10.08", "opus"]],
  ["flac", ["-vn"], ["flac"]],
  ["aac", ["-vn"], ["mp4a.40.2"]],
  ["wav", ["-vn"], []],
  ["avi", ["-c:v", "mpeg4", "-c:a", "libmp3lame"], []],
  // What is left out would be taken for what is not there.
  ["mov", [...x264, "-c:a", "pcm_s16le"], []],
] as const)("of a file in %s made with %j", async (container, args, codecs) => {
  const file = join(await makeDir(), `clip.${container}`);
  const source = await clip({ seconds: 0.5, rate: 24 });
  await runFfmpeg(["-i", source, ...args, file]);
  expect(await codecsOfFile(file, await measure(file, { signal }))).toEqual([...codecs]);
});
