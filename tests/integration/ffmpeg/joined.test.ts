import { expect, test } from "bun:test";
import { join } from "node:path";
import { aac, beep, ffmpegMakes, footage, h264, motion, patched } from "#tests/support/footage.ts";
import { rejection } from "#tests/support/outcome.ts";
import { segmentedShapes } from "#tests/support/presets/shapes.ts";
import { distance, flashesOf, picturesIn, soundIn } from "#tests/support/sync.ts";
import { type UnlikePart, unlikePart, unlikeParts } from "#tests/support/unlike-parts.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { examine } from "#worker/ffmpeg/examine.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { run } from "#worker/ffmpeg/run.ts";
import { runPlan } from "#worker/ffmpeg/run-plan.ts";
import { plan } from "#worker/plan/decide.ts";
import { joinedProbe } from "#worker/plan/joined.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { measureQuality } from "#worker/quality/measure-quality.ts";
import { inspectOutputs } from "#worker/verify/inspect.ts";
import { comparePictures } from "#worker/verify/pictures/compare.ts";
import { makeDir, makeJoined, signal, tiny } from "./work.ts";

const inputs = (names: readonly UnlikePart[]) =>
  Promise.all(names.map(async (name) => ({ input: await unlikePart(name) })));

const [, , , ladder] = segmentedShapes;
// Without pictures that refer to later ones: ffmpeg reads fMP4 in HLS as much later as its first one is decoded earlier.
const hls = ladder && { ...ladder, video: { ...ladder.video, speed: "ultrafast" as const } };

/** What lacks a partner: sound that has ended, or not begun, and pictures that have. */
const alone: Partial<Record<UnlikePart, "flashes" | "beeps">> = {
  "no sound": "flashes",
  "sound ends early": "flashes",
  "sound begins late": "flashes",
  "picture ends early": "beeps",
  "transport stream whose picture begins late": "beeps",
};

/** How far flash and beep are apart in each part of a film, in seconds. */
function distances({ joined }: Probe, shown: { flashes: number[]; beeps: number[] }, names: readonly UnlikePart[]) {
  return (joined?.parts ?? []).map(({ startSeconds, endSeconds }, at) => {
    const within = (times: readonly number[]) =>
      times.filter((seconds) => seconds > startSeconds - 0.04 && seconds < endSeconds - 0.04);
    const [flashes, beeps] = [within(shown.flashes), within(shown.beeps)];
    const unpaired = alone[names[at] ?? "plain"];
    if (flashes.length === 0 || beeps.length === 0) return unpaired ? 0 : Number.POSITIVE_INFINITY;
    const paired = (times: number[], others: number[]) =>
      times.filter((time) => others.some((other) => Math.abs(time - other) < 0.5));
    return distance({
      flashes: unpaired === "flashes" ? paired(flashes, beeps) : flashes,
      beeps: unpaired === "beeps" ? paired(beeps, flashes) : beeps,
    });
  });
}

test.each<[string, Preset]>([
  ["a file", { ...tiny, poster: { size: 72 } }],
  ["segments", hls ?? tiny],
])("sources of every kind become %s, each in step from its first picture on", async (_, preset) => {
  const { dir, planned, source } = await makeJoined(await inputs(unlikeParts), preset);
  const entry = join(dir, planned.entry);
  const pictures = await picturesIn(entry);
  const { beeps, endSeconds } = await soundIn(entry);

  expect(pictures.length).toBe(planned.totalFrames ?? 0);
  expect(source.joined?.parts.map(({ frames }) => frames)).toEqual(unlikeParts.map(() => expect.any(Number)));
  expect(Math.abs(endSeconds - (source.durationSeconds ?? 0))).toBeLessThan(0.05);
  const apart = distances(source, { flashes: flashesOf(pictures), beeps }, unlikeParts);
  expect(unlikeParts.filter((_, at) => (apart[at] ?? 1) > 0.04)).toEqual([]);
});

const place = { input: "", stem: "clip" };

/** An encode whose arguments may be other ones than planned. */
async function encoded(names: readonly UnlikePart[], decision = "", otherwise = decision) {
  const parts = await Promise.all(
    (await inputs(names)).map(async ({ input }) => ({ input, probe: await examine(input, { signal }) })),
  );
  const source = joinedProbe(parts, tiny);
  const planned = plan(tiny, source, { ...place, outputDir: await makeDir() }, await probeCapabilities().capabilities);
  const args = planned.args.map((arg) => arg.replace(decision, otherwise));
  expect(args.join() === planned.args.join()).toBe(decision === otherwise);
  return { planned, source, report: await runPlan({ ...planned, args }, { signal, stallMs: 60_000 }) };
}

/** What comparing pictures says of it. */
async function comparedOtherwise(names: readonly UnlikePart[], decision: string, otherwise: string) {
  const { planned, source, report } = await encoded(names, decision, otherwise);
  const files = await inspectOutputs(planned, planned.outputDir, signal);
  return rejection(comparePictures({ plan: planned, files, report, source, input: "" }, { signal, spawn: run }));
}

test("the quality of a joined film is measured against what its encoder was given", async () => {
  const { planned, report } = await encoded(["plain", "portrait", "60 a second and mono"]);
  const options = { metric: "ssim", report, signal, stallMs: 60_000, spawn: run, onProgress() {} } as const;
  const [scores] = await measureQuality(planned, options);
  expect(scores?.mean).toBeGreaterThan(0.9);
});

test.each([
  ["the order of the sources", "[part0][part1]", "[part1][part0]", 1],
  ["a picture that is turned otherwise", "[1:0]", "[1:0]vflip,", 2],
  ["the shape of a picture", "[2:0]", "[2:0]crop=iw/2:ih:0:0,", 3],
])("verification sees %s", async (_, decision, otherwise, number) => {
  expect(await comparedOtherwise(["plain", "portrait", "no sound"], decision, otherwise)).toMatchObject({
    kind: "encode_failed",
    message: expect.stringContaining(`output.mp4 of source ${number}: its picture at 0.00 s is not that of the source`),
  });
});

test("what cannot be decoded is told of its source", async () => {
  const whole = ffmpegMakes(motion(2), beep({ seconds: 2 }), h264, ["-g", "10"], aac);
  const damaged = await footage(
    patched(whole, (bytes) => bytes.fill(0x55, Math.floor(bytes.length * 0.4), Math.floor(bytes.length * 0.6))),
    "mp4",
    "damaged",
  );
  const { damage } = await makeJoined([...(await inputs(["plain"])), { input: damaged }], tiny);
  expect(damage?.words).toMatch(/^\d+ of \d+ packets of pictures of source 2 .*cannot be decoded$/);
});
