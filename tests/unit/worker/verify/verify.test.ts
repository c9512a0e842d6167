import { expect, test } from "bun:test";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { OutputFile } from "#worker/verify/inspect.ts";
import { verify } from "#worker/verify/verify.ts";
import { source } from "../plan/sources.ts";

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
const [main = { name: "" }] = plan.files;
const { seconds: _, ...timeless } = main;
const expecting = (seconds?: number): Plan => ({
  ...plan,
  files: [{ ...timeless, ...(seconds !== undefined && { seconds }) }],
});
const small = { width: 1_280, height: 720 };
const output = (probe: Probe | undefined, bytes = 1_000): OutputFile => ({ name: "output.mp4", bytes, probe });

test.each([[9.1], [10], [10.9]])("accepts what was planned, at %p s", (durationSeconds) => {
  expect(() => verify(plan, [output(source(small, { durationSeconds }))])).not.toThrow();
});

test("allows a hundredth of a long video", () => {
  const file = output(source(small, { durationSeconds: 995 }));
  expect(() => verify(expecting(1_000), [file])).not.toThrow();
});

test("accepts any duration when none was planned", () => {
  const file = output(source(small, { durationSeconds: undefined }));
  expect(() => verify(expecting(), [file])).not.toThrow();
});

test.each<[OutputFile[], string]>([
  [[], "ffmpeg did not write it"],
  [[output(undefined, 0)], "it is empty"],
  [[output(undefined)], "it cannot be read as media"],
  [[output({ ...source(small), video: undefined })], "it has no video"],
  [[output(source({ ...small, codec: "mpeg4" }))], "its video is mpeg4, not h264"],
  [[output(source(small, { audio: [] }))], "it has no audio, but the source has"],
  [[output(source({ width: 1_080, height: 1_920 }))], "its short side is 1080 pixels, more than 720"],
  [[output(source(small, { durationSeconds: undefined }))], "it does not say how long it is"],
  [
    [output(source(small, { durationSeconds: 3.2 }))],
    "the output is 3.2 s long but the source says 10.0 s: the source may be cut off or damaged",
  ],
  [[output(source(small, { durationSeconds: 15.5 }))], "the output is 15.5 s long but the source says 10.0 s"],
])("refuses %#: %s", (files, problem) => {
  expect(() => verify(plan, files)).toThrow(`output.mp4: ${problem}`);
});
