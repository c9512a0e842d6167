import { expect, test } from "bun:test";
import { makeReport } from "#worker/ffmpeg/encode-report.ts";

function reportOf(...lines: readonly string[]) {
  const { onLine, report } = makeReport();
  for (const line of lines) onLine(line);
  return report();
}

test("tells until when the pictures of the source last", () => {
  const report = reportOf(
    "[fps@steady @ 0x55d0] [verbose] 0 frames in, 0 frames out; 0 frames dropped, 0 frames duplicated.",
    "[fps@steady @ 0x55d8] [verbose] Set first pts to (in:0 out:0) from start time 0.000000",
    "[fps@steady @ 0x55d8] [verbose] fps=30000/1001",
    "[Parsed_fps_3 @ 0x55e0] [verbose] fps=10/1",
    "[Parsed_fps_3 @ 0x55e0] [verbose] 50 frames in, 900 frames out; 0 frames dropped, 10 frames duplicated.",
    "[fps@steady @ 0x55d8] [verbose] 50 frames in, 60 frames out; 0 frames dropped, 10 frames duplicated.",
  );
  expect(report.steadySeconds).toBeCloseTo(2.002, 6);
});

test("tells nothing of it where the rate varies", () => {
  expect(reportOf("[verbose] No such line").steadySeconds).toBeUndefined();
});

test("tells which picture became the poster", () => {
  const said = "n:   0 pts:   4000 pts_time:4       duration:    200 duration_time:0.2 fmt:yuvj420p sar:1/1 s:128x72";
  expect(reportOf(`[showinfo@poster @ 0x55d0] [info] ${said}`).posterSeconds).toBe(4);
  expect(reportOf(`[showinfo@other @ 0x55d0] [info] ${said}`).posterSeconds).toBeUndefined();
});

test("tells the highest peak of all that was mixed down, before the encode as well", () => {
  const { onLine, onPreparation, report } = makeReport();
  expect(report().mixedPeak).toBeUndefined();
  onPreparation("[astats@mixed @ 0x55d0] [info] Peak level dB: -3.110000");
  onLine("[astats@mixed @ 0x55d8] [info] Peak level dB: -inf");
  expect(report().mixedPeak).toBe(-3.11);
  onLine("[astats@mixed @ 0x55d8] [info] Peak level dB: 6.780000");
  expect(report().mixedPeak).toBe(6.78);
});

test.each([
  ["[libx264 @ 0x55d6] [info] 264 - core 164 r3095 baee400 - H.264/MPEG-4 AVC codec", "libx264", "164 r3095 baee400"],
  ["[libx264 @ 0x5581] [info] 264 - core 165 - H.264/MPEG-4 AVC codec", "libx264", "165"],
  ["x265 [info]: HEVC encoder version 3.5+1-f0c1022b6", "libx265", "3.5+1-f0c1022b6"],
  ["Svt[info]: SVT [version]:\tSVT-AV1 Encoder Lib v1.4.1", "libsvtav1", "1.4.1"],
  ["[libvpx-vp9 @ 0x558b] [info] v1.12.0", "libvpx", "1.12.0"],
  ["[info]       encoder         : Lavc59.37.100 libx264", "libavcodec", "59.37.100"],
])("what %p says is the version of a library", (line, library, version) => {
  const { onLine, report } = makeReport();
  onLine(line);
  expect(report().libraries).toEqual({ [library]: version });
});
