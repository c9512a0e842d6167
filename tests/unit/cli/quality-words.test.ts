import { expect, test } from "bun:test";
import { displayOn } from "#cli/progress.ts";
import { qualityLines } from "#cli/quality-words.ts";
import type { JobEvent } from "#client/client.ts";
import { clock } from "#dashboard/format.ts";
import { qualityChart } from "#dashboard/ladder.ts";

const measured = (path: string, mean: number) => ({
  ...{ path, mean, p1: mean - 10 },
  worst: { start_seconds: 41.2, duration_seconds: 2, mean: mean - 7 },
});

test("each rendition that was measured has a line, in the precision of its metric", () => {
  const renditions = [measured("stream_0.m3u8", 93.412), measured("s.m3u8", 95), { path: "neither" }];
  expect(qualityLines({ metric: "vmaf", renditions })).toEqual([
    "stream_0.m3u8  VMAF 93.4, 1 % of pictures 83.4 or less, worst 2 s 86.4 at 0:41",
    "s.m3u8         VMAF 95.0, 1 % of pictures 85.0 or less, worst 2 s 88.0 at 0:41",
  ]);
  const one = { path: "a.mp4", mean: 0.98765 };
  expect(qualityLines({ metric: "ssim", renditions: [one] })).toEqual(["a.mp4  SSIM 0.9877"]);
});

type Quality = NonNullable<JobEvent["quality"]>;
const renditions = [{ path: "a.mp4", crf: 25.1 }];
const aimed: Quality = { metric: "vmaf", target: 93, reason: "Because.", renditions };

test("what came of a target is told with each CRF, and as a VMAF whatever was measured", () => {
  expect(qualityLines({ ...aimed, reached: true })).toEqual(["a.mp4  CRF 25.1", "VMAF 93 is reached. Because."]);
  const scored: Quality = {
    ...aimed,
    metric: "ssim",
    reached: false,
    renditions: [{ path: "a.mp4", crf: 17, mean: 0.98 }],
  };
  expect(qualityLines(scored)).toEqual(["a.mp4  CRF 17, SSIM 0.9800", "! VMAF 93 is not reached. Because."]);
});

test("a target of which nothing was scored is neither reached nor not", () => {
  expect(qualityLines(aimed).at(-1)).toBe("! VMAF 93 was aimed at. Because.");
});

test("of a ladder alone the reason is told", () => {
  expect(qualityLines({ metric: "vmaf", reason: "90p is left out.", renditions: [] })).toEqual(["90p is left out."]);
});

test("the worst seconds begin when the dashboard says, also after an hour", () => {
  const worstAt = (start_seconds: number) => ({ start_seconds, duration_seconds: 2, mean: 80 });
  for (const start of [1.92, 3_753.4]) {
    const rendition = { path: "a.mp4", mean: 90, worst: worstAt(start), scores: [90] };
    const told: Quality = { metric: "vmaf", renditions: [rendition] };
    const chart = qualityChart(told, { renditions: [], files: 1, bytes: 1 });
    expect(qualityLines(told)[0]).toEndWith(` at ${clock(start)}`);
    expect(chart?.note).toContain(` at ${clock(start)}`);
  }
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
