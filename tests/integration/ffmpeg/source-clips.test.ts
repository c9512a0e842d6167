import { expect, test } from "bun:test";
import { join } from "node:path";
import { quick } from "#tests/matrix/quick.ts";
import { clipSources } from "#tests/support/clip-sources.ts";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { expectedNumbers, judgedSource, momentOf, toneShift } from "#tests/support/judged-clip.ts";
import { numbered, numbersIn } from "#tests/support/numbered.ts";
import { rejection } from "#tests/support/outcome.ts";
import { cuesOf } from "#tests/support/webvtt.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { makeDir, makeOutput, signal, tiny } from "./work.ts";

/** What begins between two pictures of a keyframe, behind where clocks jump, and in the middle of one that stands. */
test.each([
  ["mp4", 2.51, 3.75, 24],
  ["mkv with open groups", 4.2, 5.375, 24],
  ["transport stream", 10.405, 11.4, 25],
  ["variable rate mkv", 5, 7.5, 30],
  ["slides", 2.6, 5.3, 10],
  ["sound that goes on", 7.2, 9.3, 24],
] as const)("a part of %s has its pictures and its sound", async (name, start, end, rate) => {
  const input = await numbered(clipSources[name]);
  const [judged, { dir, damage }] = await Promise.all([judgedSource(input), makeOutput(input, tiny, { start, end })]);
  const output = join(dir, "output.mp4");
  const [from, to] = [momentOf(judged, start, 1 / rate), momentOf(judged, end, 1 / rate)];
  expect(await numbersIn(output)).toEqual(expectedNumbers(judged, from, to, rate));
  expect(Math.abs((await toneShift(judged, output, from, to)) ?? 1)).toBeLessThan(1_024 / 48_000);
  expect(damage).toBeUndefined();
});

test("a part that begins while the last picture stands shows it", async () => {
  const { dir } = await makeOutput(await numbered(clipSources["mov with PCM"]), tiny, { start: 11.985, end: 20 });
  expect(await numbersIn(join(dir, "output.mp4"))).toEqual([299]);
});

test("a part of two pictures is in step in MPEG-TS", async () => {
  const preset = quick(presetNamed(await loadPresets(), "hls_720p"));
  if (!("segments" in preset)) throw new Error("not segmented");
  // Of longer films this speed delays pictures.
  const delaying = { ...preset, video: { ...preset.video, speed: "veryfast" as const } };
  const { dir } = await makeOutput(await numbered(clipSources.mp4), delaying, { start: 3, end: 3.08 });
  const segment = join(dir, "segment_000.ts");
  const rows = await Bun.$`ffprobe -v error -show_entries packet=codec_type,dts -of csv=p=0 ${segment}`.text();
  const packets = rows.split("\n").map((row) => row.split(","));
  const firstDecoded = (type: string) => packets.find(([kind]) => kind === type)?.[1];
  expect(packets.filter(([kind]) => kind === "video")).toHaveLength(2);
  expect(firstDecoded("audio")).toBe(firstDecoded("video") ?? "no picture");
});

/** One that is read from its beginning, and one that is long enough for its moments to be looked for. */
test.each([
  [12, { start: 7.2, end: 7.7 }, 0.5],
  [70, { start: 5, end: 69 }, 4],
])("a preview of sound that goes on for %d s shows the last picture", async (seconds, part, lasts) => {
  const input = await numbered({ ...clipSources["sound that goes on"], seconds });
  const settings = { size: 90, seconds: 4, moments: 4, rate: 10, format: "mp4" } as const;
  const preset = { name: "preview", description: "For tests", output_type: "single", extension: "mp4" } as const;
  const { dir } = await makeOutput(input, { ...preset, preview: settings }, part);
  expect(await numbersIn(join(dir, "output.mp4"))).toEqual(Array(lasts * settings.rate).fill(95));
});

test("a part of slides may be shorter than one stands", async () => {
  const input = await numbered(clipSources.slides);
  const part = await examine(input, { signal, clip: { start: 4.25, end: 4.5 } });
  expect(part).toMatchObject({ clip: { start: 4.25 }, durationSeconds: 0.25 });
});

test("subtitles are cut as the picture is", async () => {
  const text = [
    "WEBVTT",
    "00:00.500 --> 00:01.500\nfirst",
    "00:02.000 --> 00:02.500\nsecond",
    "00:05.000 --> 00:05.500\nlast",
  ];
  const dir = await makeDir();
  const file = join(dir, "clip.mkv");
  await Bun.write(join(dir, "text.vtt"), text.join("\n\n"));
  const maps = ["-map", "0", "-map", "1", "-map", "1", "-c:v", "copy", "-c:s:0", "subrip", "-c:s:1", "webvtt"];
  await runFfmpeg(["-i", await clip({ seconds: 6, channels: 0 }), "-i", join(dir, "text.vtt"), ...maps, file]);
  const preset = quick(presetNamed(await loadPresets(), "hls_720p_abr_subtitles"));
  const made = await makeOutput(file, preset, { start: 1, end: 3 });
  for (const name of ["subtitles_0.vtt", "subtitles_1.vtt"]) {
    const cues = cuesOf(await Bun.file(join(made.dir, name)).text());
    expect(cues.map(({ start, end, text: words }) => [start, end, words])).toEqual([
      [0, 0.5, "first"],
      [1, 1.5, "second"],
    ]);
  }
});

test("a part behind the end of the sound has none", async () => {
  const [picture, sound] = await Promise.all([clip({ seconds: 4, channels: 0 }), clip({ seconds: 2 })]);
  const file = join(await makeDir(), "clip.mp4");
  await runFfmpeg(["-i", picture, "-i", sound, "-map", "0:v", "-map", "1:a", "-c", "copy", file]);
  const { files, damage } = await makeOutput(file, tiny, { start: 2.5, end: 3.5 });
  expect(files.map(({ probe }) => probe?.audio)).toEqual([[]]);
  expect(damage).toBeUndefined();
});

test("says how long a source is that ends before its part begins", async () => {
  const file = await clip({ seconds: 2 });
  const fault = await rejection(examine(file, { signal, clip: { start: 2.5 } }));
  expect(fault).toMatchObject({ kind: "invalid", fields: [{ field: "clip.start" }] });
  expect(String(fault)).toMatch(/the source is 2\.0\d+ s long/);
  expect(await rejection(examine(file, { signal, clip: { start: 1, end: 1.01 } }))).toMatchObject({
    fields: [{ field: "clip.end" }],
  });
});
