import { expect, test } from "bun:test";
import { displayOn } from "#cli/progress.ts";
import { qualityLines } from "#cli/quality-words.ts";

const measured = (path: string, mean: number) => ({
  ...{ path, mean, p1: mean - 10 },
  worst: { start_seconds: 41.2, duration_seconds: 2, mean: mean - 7 },
});

test("each rendition that was measured has a line, in the precision of its metric", () => {
  const renditions = [measured("stream_0.m3u8", 93.412), measured("s.m3u8", 95), { path: "aimed", crf: 23 }];
  expect(qualityLines({ metric: "vmaf", renditions })).toEqual([
    "stream_0.m3u8  VMAF 93.4, 1 % of pictures 83.4 or less, worst 2 s 86.4 at 0:41",
    "s.m3u8         VMAF 95.0, 1 % of pictures 85.0 or less, worst 2 s 88.0 at 0:41",
  ]);
  const one = { path: "a.mp4", mean: 0.98765 };
  expect(qualityLines({ metric: "ssim", renditions: [one] })).toEqual(["a.mp4  SSIM 0.9877"]);
});

test("a job that ends says how good its output is, and where it is last", () => {
  const said: string[] = [];
  const out = { write: (text: string) => said.push(text) };
  displayOn(out, { isJson: false, isSingle: true }).end("", {
    ...{ job_id: "a", sequence: 9, status: "completed", attempt: 1, timestamp: "2026-01-01T00:00:00Z" },
    ...{ output_url: "file:///out/a.mp4", quality: { metric: "ssim", renditions: [{ path: "a.mp4", mean: 0.9 }] } },
  });
  expect(said.join("")).toBe("a.mp4  SSIM 0.9000\n/out/a.mp4\n");
});
