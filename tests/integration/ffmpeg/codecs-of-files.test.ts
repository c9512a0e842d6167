import { expect, test } from "bun:test";
import { join } from "node:path";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { rejection } from "#tests/support/outcome.ts";
import { codecsOfFile } from "#worker/facts/codecs.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { measure } from "#worker/ffmpeg/measure.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { run, type Spawn } from "#worker/ffmpeg/run.ts";
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
  const measured = await measure(file, { signal });
  expect(await codecsOfFile(file, measured)).toEqual([...codecs]);
  expect(packetsIn(measured)).toEqual(packetsIn(await examine(file, { signal })));
});

/** What the packets of each stream say, in whole milliseconds. */
const packetsIn = ({ video, audio }: Probe) =>
  [...(video ? [video] : []), ...audio].map(({ index, packets }) => {
    const { count, undecodable, keyframes = [], backwards, startSeconds = 0, endSeconds = 0, bytes } = packets ?? {};
    const ms = [startSeconds, endSeconds, ...keyframes].map((seconds) => Math.round(seconds * 1_000));
    return { index, count, undecodable, backwards, bytes, ms };
  });

test("a file of our own is looked at by one process, and one that is cut off is told from a whole one", async () => {
  const commands: string[] = [];
  const spawn: Spawn = (command) => {
    commands.push(command.argv[0]);
    return run(command);
  };
  const whole = await measure(await clip({ seconds: 2 }), { signal, spawn });
  expect(whole.video?.packets).toMatchObject({ count: 48, undecodable: 0, backwards: 0 });
  expect(commands).toEqual(["ffprobe"]);
  const cut = await clip({ seconds: 2, cut: 0.5 });
  expect(await rejection(measure(cut, { signal }))).toMatchObject({ kind: "source_failed" });
});
