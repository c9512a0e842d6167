import { join } from "node:path";
import type { OutputFacts } from "#shared/job/output-facts.ts";
import type { QualityFacts } from "#shared/job/quality-facts.ts";
import { runFfmpeg } from "./clips.ts";

const seconds = 142;

/** Flies into the Mandelbrot set, in HLS. */
export async function makeFilm(folder: string) {
  const pictures = `mandelbrot=s=480x270:r=1:start_scale=0.02:end_scale=0.0004:end_pts=${seconds}`;
  await runFfmpeg([
    ...["-f", "lavfi", "-i", pictures, "-t", String(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-g", "2"],
    ...[
      "-b:v",
      "800k",
      "-pix_fmt",
      "yuv420p",
      "-hls_time",
      "2",
      "-hls_list_size",
      "0",
      "-master_pl_name",
      "master.m3u8",
    ],
    join(folder, "video.m3u8"),
  ]);
}

/** Figures around a value that go up and down as those of a film do. */
const around = (value: number, by: number, count = 71) =>
  Array.from({ length: count }, (_, at) => value + by * Math.sin(at / 3) * Math.cos(at / 7 + value));

const rung = (at: number, height: number, average: number) => ({
  ...{ path: `stream_${at}.m3u8`, kind: "video" as const, codecs: "avc1.64001f", height },
  ...{
    width: 2 * Math.round((height * 8) / 9),
    frameRate: 25,
    durationSeconds: seconds,
    bytes: Math.round((average * seconds) / 8),
  },
  ...{ averageBitRate: average, peakBitRate: Math.round(average * 1.42), segments: 71 },
  bitRates: around(average, average * 0.4),
});

/** What such a film would hold as a ladder. */
export const outputs: OutputFacts = {
  ...{ files: 221, bytes: 40_512_000, durationSeconds: seconds },
  renditions: [
    rung(0, 720, 1_240_000),
    rung(1, 480, 610_000),
    rung(2, 360, 298_000),
    {
      ...{ path: "stream_audio.m3u8", kind: "audio", codecs: "mp4a.40.2", language: "en", durationSeconds: seconds },
      ...{ bytes: 2_312_000, averageBitRate: 130_000, peakBitRate: 133_000, segments: 71 },
    },
  ],
};

const scored = (at: number, mean: number) => ({
  ...{ path: `stream_${at}.m3u8`, mean, harmonicMean: mean - 0.3, p1: mean - 12, p5: mean - 6 },
  ...{ worst: { startSeconds: 62.4, durationSeconds: 2, mean: mean - 10.4 }, scores: around(mean, 4) },
});

export const quality: QualityFacts = {
  metric: "vmaf",
  renditions: [scored(0, 94.3), scored(1, 84.9), scored(2, 72.6)],
};
