import { expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { lumaOf } from "#tests/support/luma.ts";
import { outcome } from "#tests/support/outcome.ts";
import { prepareBurned } from "#worker/burn/prepare-burned.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import { run } from "#worker/ffmpeg/run.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";
import type { SinglePreset } from "#worker/presets/single-preset.ts";
import type { FetchedSubtitle } from "#worker/subtitles/fetched-subtitle.ts";
import { textProblem } from "#worker/verify/pictures/drawn-text.ts";
import { makeBurned, makeDir, makeOutput, signal, tiny } from "./work.ts";

const rendition = { crf: 10, maxrate: "9000k", bufsize: "9000k" };
const film: SinglePreset = {
  ...{ name: "film", description: "For tests", output_type: "single", extension: "mp4" },
  video: { ...tiny.video, renditions: [{ size: 180, ...rendition }] },
};
const black = { size: "320x180", channels: 0, blackSeconds: 3, seconds: 3 } as const;

/** Subtitles in a folder whose name must not become a part of a graph of filters. */
async function burned(text: string, codec: "subrip" | "ass" | "webvtt" = "subrip"): Promise<FetchedSubtitle> {
  const dir = join(await makeDir(), "it's [a], b; c:\\d");
  await mkdir(dir);
  const path = join(dir, "subtitles_0.txt");
  await Bun.write(path, text);
  return { path, codec, mode: "burn", isForced: false, isDefault: false };
}

const cue = "1\n00:00:01,200 --> 00:00:01,600\nEin Text, {den} man sieht\n";
/** The frames of a film at 25 a second in which something light is to be seen. */
const lit = async (entry: string) =>
  (await lumaOf(entry)).flatMap((luma, at) => (luma.reduce((most, one) => Math.max(most, one), 0) > 120 ? [at] : []));
const frames = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

test("a text is in the pictures of its time, in a clip at the same moments of the source, and in no still", async () => {
  const input = await clip({ ...black, rate: 25 });
  const stills = { ...film, poster: { size: 180 } };
  const whole = await makeBurned(input, stills, await burned(cue));
  expect(await lit(join(whole.dir, "output.mp4"))).toEqual(frames(30, 40));
  expect(await lit(join(whole.dir, whole.planned.files[1]?.name ?? ""))).toEqual([]);
  const part = await makeBurned(input, film, await burned(cue), { start: 1, end: 2 });
  expect(await lit(join(part.dir, "output.mp4"))).toEqual(frames(5, 15));
  const before = await makeBurned(input, film, await burned(cue), { start: 0, end: 1 });
  expect(before.warnings).toEqual(["subtitles.0: nothing of it is shown in the film"]);
});

test("a track of the source is drawn into each rendition, also of a clip", async () => {
  const srt = join(await makeDir(), "a.srt");
  await Bun.write(srt, cue);
  const input = join(await makeDir(), "a.mkv");
  await runFfmpeg([
    ...[
      "-i",
      await clip({ ...black, rate: 25 }),
      "-i",
      srt,
      "-map",
      "0:v",
      "-map",
      "1:s",
      "-c:v",
      "copy",
      "-c:s",
      "srt",
    ],
    input,
  ]);
  const track = { stream: 1, codec: "subrip", mode: "burn", isForced: false, isDefault: false } as const;
  const ladder: SegmentedPreset = {
    ...{ name: "ladder", description: "For tests", output_type: "hls", extension: "" },
    video: {
      ...tiny.video,
      renditions: [
        { size: 180, ...rendition },
        { size: 90, ...rendition },
      ],
    },
    segments: { seconds: 2, format: "fmp4" },
  };
  const { dir } = await makeBurned(input, ladder, track, { start: 1, end: 3 });
  for (const name of ["stream_0.m3u8", "stream_1.m3u8"]) expect(await lit(join(dir, name))).toEqual(frames(5, 15));
});

const head =
  "[Script Info]\nPlayResX: 320\nPlayResY: 180\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, Alignment\nStyle: Default,Arial,30,&H00FFFFFF,5\n\n";
const events = "[Events]\nFormat: Layer, Start, End, Style, Text\n";

test("white of HDR is that of subtitles, and no more", async () => {
  const hdr = {
    ...film,
    video: { ...film.video, codec: "h265", renditions: [{ size: 180, ...rendition, hdr: "keep" }] },
  };
  const loud = async (kind: "pq" | "hlg") => {
    const input = await clip({ size: "320x180", channels: 0, blackSeconds: 1, seconds: 1, hdr: kind });
    const text = await burned(
      `${head}${events}Dialogue: 0,0:00:00.00,0:00:01.00,Default,{\\p1}m 0 0 l 320 0 320 180 0 180\n`,
      "ass",
    );
    const { dir } = await makeBurned(input, hdr as SinglePreset, text);
    const [luma = new Uint8Array()] = await lumaOf(join(dir, "output.mp4"));
    return luma.toSorted()[Math.floor(luma.length / 2)] ?? 0;
  };
  // 203 cd/m2: 58 % of PQ, 75 % of HLG, in limited range.
  expect(Math.abs((await loud("pq")) - (16 + 219 * 0.58))).toBeLessThan(6);
  expect(Math.abs((await loud("hlg")) - (16 + 219 * 0.75))).toBeLessThan(6);
});

test("a film without the text fails verification", async () => {
  const input = await clip({ size: "320x180", channels: 0, seconds: 3 });
  const source = await examine(input, { signal });
  const folder = join(await makeDir(), "burned");
  const text = [await burned(cue)];
  const prepared = await prepareBurned(
    text,
    { preset: film, probe: source, input, field: "subtitles.0", folder },
    { signal, spawn: run },
  );
  const { dir, planned, files } = await makeOutput(input, film);
  const compared = { moments: [], segments: [], ...planned.compared, ...prepared.drawn };
  const asking = { signal, spawn: run, reads: [], cwd: dir };
  expect(await textProblem({ ...planned, compared }, files, asking)).toEqual({
    name: "output.mp4",
    problem: "its picture at 1.40 s does not show the subtitles",
  });
});

test("a script's fonts are not used, and its commands draw nothing but text", async () => {
  const evil = `${head}Style: Default,'];movie=/etc/passwd;[',30,&H00FFFFFF,5\n\n[Fonts]\nfontname: evil.ttf\nAAAA\n\n${events}`;
  const lines = "Dialogue: 0,0:00:00.00,0:00:03.00,Default,{\\fn../../etc/passwd}';[out];movie=/etc/passwd%{pts}\n";
  const { dir } = await makeBurned(await clip(black), film, await burned(evil + lines, "ass"));
  expect((await lit(join(dir, "output.mp4"))).length).toBeGreaterThan(60);
});

const refused: [string, string, RegExp][] = [
  [
    "characters that no font has",
    "1\n00:00:00,000 --> 00:00:02,000\n\u{30000}\u{30001}\u{30002} a\n",
    /lack 3 of its 4 char/,
  ],
  ["a line that is no line", `1\n00:00:00,000 --> 00:00:02,000\n${"a".repeat(30_000)}\n`, /has a line of more than/],
];
test.each(refused)("%s: the job ends before its encode", async (_, text, words) => {
  expect(await outcome(makeBurned(await clip(black), film, await burned(text)))).toThrow(words);
});
