import type { Facts } from "#shared/job/facts.ts";

/** Facts with every field that there is. */
export const allFacts: Required<Facts> = {
  source: {
    ...{ container: "mp4", durationSeconds: 60.04, bytes: 73_400_320 },
    video: {
      ...{ codec: "hevc", width: 1_080, height: 1_920, frameRate: 29.97, variableFrameRate: true, bitRate: 9_000_000 },
      ...{ hdr: "hdr10", rotation: 90, scan: "progressive" },
    },
    audio: [{ codec: "aac", language: "de", channels: 6, layout: "5.1", sampleRate: 48_000 }],
    subtitles: [{ codec: "subrip", language: "en" }],
  },
  sources: [
    { container: "mov", durationSeconds: 20, bytes: 40_000_000, audio: [], subtitles: [] },
    { container: "mp4", bytes: 33_370_320, audio: [{ codec: "aac" }], subtitles: [] },
  ],
  outputs: {
    ...{ files: 13, bytes: 18_874_368, durationSeconds: 60.04 },
    renditions: [
      {
        ...{ path: "video_0.m3u8", kind: "video", codecs: "avc1.64001f,mp4a.40.2", width: 1_280, height: 720 },
        ...{ frameRate: 29.97, language: "de", durationSeconds: 60.04, bytes: 18_000_000, averageBitRate: 2_400_000 },
        ...{ peakBitRate: 2_900_000, segments: 10, bitRates: [2_900_000, 1_900_000] },
      },
      { path: "poster.jpg", kind: "image", width: 1_280, height: 720, bytes: 90_000 },
    ],
  },
  quality: {
    metric: "vmaf",
    ...{ target: 93, targetMetric: "vmaf", reached: true, reason: "CRF 25.1 is taken." },
    renditions: [
      {
        ...{ path: "video_0.m3u8", mean: 93.41, harmonicMean: 93.2, p1: 81.02, p5: 86.77 },
        worst: { startSeconds: 41.2, durationSeconds: 2, mean: 79.5 },
        scores: [94.1, 92.7],
      },
    ],
  },
};
