import { expect, test } from "bun:test";
import { packets, planned, source } from "#tests/support/plan-sources.ts";
import { anyCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { plan } from "#worker/plan/decide.ts";
import { framesAfter, pieceArgs, pieceList, piecesOf, whyWhole } from "#worker/plan/pieces.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";

const presets = await loadPresets();

/** A film of so many seconds at 24 pictures a second, with a keyframe every 5 s. */
const film = (seconds: number, more = {}, rest = {}) =>
  source(
    {
      packets: packets({
        count: seconds * 24,
        endSeconds: seconds,
        lastSeconds: seconds - 1 / 24,
        keyframes: Array.from({ length: Math.ceil(seconds / 5) }, (_, at) => at * 5),
      }),
      endSeconds: seconds,
      ...more,
    },
    { durationSeconds: seconds, audio: [], ...rest },
  );

const of = (preset: string, probe: ReturnType<typeof film>, seconds: number) =>
  piecesOf(planned(preset, probe), probe, seconds);

test("pieces begin where segments do, and together are all pictures", () => {
  const pieces = of("hls_720p_abr", film(130), 31);
  const [first] = pieces;
  expect((first?.to ?? 0) % (6 * 24)).toBe(0);
  expect(pieces.map(({ from }) => from).slice(1)).toEqual(pieces.map(({ to }) => to).slice(0, -1));
  expect([first?.from, pieces.at(-1)?.to]).toEqual([0, 130 * 24]);
});

test("pieces begin where SVT-AV1 makes its keyframes, and so does their encode", () => {
  const probe = film(130);
  const plan = planned("1080p_av1", probe);
  const [first, second] = piecesOf(plan, probe, 31);
  expect(first).toEqual({ from: 0, to: 720 });
  const args = plan.film && second ? pieceArgs(plan.film, probe, { input: "in" }, second) : [];
  expect(args[args.indexOf("-segment_frames") + 1]).toBe("720");
});

test("what is left over at the end is a piece only if it is half as long as the others", () => {
  expect(of("720p_h264", film(129), 60)).toHaveLength(2);
  expect(of("720p_h264", film(151), 60)).toHaveLength(3);
});

test.each([
  ["a film that is no longer than a piece", "hls_720p", film(60), 60],
  ["an AVI, in which moments are not found exactly", "hls_720p", film(300, {}, { format: "avi" }), 60],
  ["a transport stream whose clock starts again", "hls_720p", film(300, {}, { format: "mpegts", isSteady: false }), 60],
  ["streams that are read apart", "hls_720p", film(300, {}, { apart: new Map([[0, 0]]) }), 60],
  ["sound alone", "audio_aac", source(), 2],
] as const)("%s is not cut", (_, preset, probe, seconds) => {
  expect(of(preset, probe, seconds)).toEqual([]);
});

test("a film beside which a poster is made is cut, and the poster is made where it is joined", () => {
  const encoded = ["/jobs/pieces/0.ffconcat"];
  const probe = film(300);
  expect(of("720p_h264_poster", probe, 60)).toHaveLength(5);
  const place = { input: "/jobs/source", outputDir: "/jobs/out", stem: "clip", encoded };
  const { args } = plan(presetNamed(presets, "720p_h264_poster"), probe, place, anyCapabilities);
  const mapped = args.flatMap((arg, at) => (args[at - 1] === "-map" ? [arg] : []));
  expect(mapped).toEqual(["1:v", "[v0]"]);
  expect(args.filter((arg) => arg.startsWith("libx264"))).toEqual([]);
});

test("a piece is read from the last keyframe a second before it, and from the beginning where there is none", () => {
  const probe = film(130);
  const plan = planned("hls_720p_abr", probe);
  const seekOf = (from: number) => {
    const args = plan.film ? pieceArgs(plan.film, probe, { input: "in" }, { from, to: from + 240 }) : [];
    return args[args.indexOf("-ss") + 1];
  };
  expect(seekOf(24 * 30)).toBe("25.001000");
  expect(seekOf(24 * 33)).toBe("30.001000");
  const plain = plan.film ? pieceArgs(plan.film, probe, { input: "in" }, { from: 0, to: 240 }) : [];
  expect(plain).not.toContain("-ss");
});

test.each([
  ["a ladder, by a group of its pictures", "hls_720p_abr", 2],
  ["a film whose keyframes the encoder chooses, by two seconds", "720p_h264", 2],
])("the encode of a piece of %s begins before it and goes on behind it", (_, preset, before) => {
  const probe = film(130);
  const plan = planned(preset, probe);
  const { film: pictures } = plan;
  if (!pictures) throw new Error("it has pictures");
  const argsOf = (from: number, to: number) => pieceArgs(pictures, probe, { input: "in" }, { from, to });
  const argOf = (args: readonly string[], option: string) => args[args.indexOf(option) + 1];
  const [first, second] = [argsOf(0, 24 * 60), argsOf(24 * 60, 24 * 120)];
  expect(argOf(first, "-segment_frames")).toBe("1440");
  expect(argOf(first, "-segment_start_number")).toBe("1");
  expect(first).not.toContain("-rc_init_occupancy");
  expect(argOf(second, "-segment_frames")).toBe(`${24 * before},${24 * (60 + before)}`);
  expect(argOf(second, "-segment_start_number")).toBe("0");
  expect(argOf(second, "-filter_complex")).toContain(`start_time=${60 - before}.000000`);
  expect(argOf(second, "-filter_complex")).toContain(`trim=end_frame=${24 * (60 + before + 1)}`);
  expect(argOf(second, "-rc_init_occupancy")).toBe("3600k");
  // What is encoded and not kept is a part of the way, too.
  const all = 24 * (before + 60 + 1);
  expect(framesAfter(pictures, { from: 1440, to: 2880 }, 24)).toBe(1440 + Math.floor((24 / all) * 1440));
  expect(framesAfter(pictures, { from: 1440, to: 2880 }, all)).toBe(2880);
});

test("lengths in a list do not add up to more or less than the film, however they are rounded", () => {
  const probe = film(3_000, { averageRate: 30_000 / 1_001, nominalRate: 30_000 / 1_001 });
  const { film: pictures } = planned("hls_720p_abr", probe);
  if (!pictures) throw new Error("it has pictures");
  const pieces = Array.from({ length: 700 }, (_, at) => ({ from: at * 7, to: (at + 1) * 7 }));
  const rated = { ...pictures, rate: { over: 30_000, under: 1_001 } };
  const lengths = [...pieceList(rated, pieces, 1).matchAll(/duration (\S+)/g)].map(([, seconds]) => Number(seconds));
  expect(lengths.reduce((sum, seconds) => sum + seconds, 0)).toBeCloseTo((4_900 * 1_001) / 30_000, 5);
  expect(pieceList(rated, pieces, 1).split("\n")[1]).toBe("file 0/1.1.mp4");
});

test("pieces begin where an encoder makes keyframes by itself as long as no scene begins, unless they are shorter", () => {
  expect(of("720p_h264", film(130), 60).at(1)?.from).toBe(6 * 250);
  expect(of("720p_h264", film(130), 5).at(1)?.from).toBe(5 * 24);
});

test("a film of a day has no more pieces than are good for those who share them", () => {
  const pieces = of("hls_720p_abr", film(86_400), 2);
  expect(pieces.length).toBeLessThanOrEqual(600);
  expect(pieces.length).toBeGreaterThan(500);
  expect((pieces[1]?.from ?? 1) % (6 * 24)).toBe(0);
});

test("a transport stream is read from a copy of its pictures, by its own clock", () => {
  const probe = film(130, {}, { format: "mpegts", isSteady: true });
  const plan = planned("hls_720p_abr", probe);
  const [, second] = piecesOf(plan, probe, 30);
  const args = plan.film && second ? pieceArgs(plan.film, probe, { input: "copy", isCopy: true }, second) : [];
  expect(args).toContain("-seek_timestamp");
  expect(args).not.toContain("-start_at_zero");
});

test("why a film has no pieces is told where it is long enough for them", () => {
  const avi = (seconds: number) => film(seconds, {}, { format: "avi" });
  expect(whyWhole(planned("hls_720p", avi(300)), avi(300), 60)).toMatch(/no moment/);
  expect(whyWhole(planned("hls_720p", avi(60)), avi(60), 60)).toBeUndefined();
  expect(whyWhole(planned("hls_720p", film(300)), film(300), 60)).toBeUndefined();
});
