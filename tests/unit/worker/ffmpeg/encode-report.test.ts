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
