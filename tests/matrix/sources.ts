import type { ClipOptions } from "#tests/support/clips.ts";

const seconds = 2.5;

/** Sources that are unlike what presets are made with. */
export const sources = {
  "24 a second": { seconds, rate: 24 },
  "25 a second": { seconds, rate: 25 },
  "29.97 a second": { seconds, rate: "30000/1001" },
  "60 a second": { seconds, rate: 60 },
  "a variable rate": { seconds, variableRate: true },
  "one frame": { rate: 24, seconds: 1 / 24, channels: 0 },
  "an odd size": { seconds, size: "161x91", pixelFormat: "yuv444p" },
  rotated: { seconds, rotated: 90 },
  interlaced: { seconds, interlaced: true },
  HDR10: { seconds: 1.5, hdr: "pq" },
  "5.1": { seconds, channels: 6 },
  "two languages": { seconds, languages: ["eng", "jpn"] },
  subtitles: { seconds, subtitles: ["fre", "ger"], container: "mkv" },
  "no audio": { seconds, channels: 0 },
  "audio only": { seconds, size: "none", container: "m4a" },
  "4:4:4": { seconds, pixelFormat: "yuv444p" },
  "a tall portrait": { seconds, size: "90x320" },
} as const satisfies Record<string, ClipOptions>;

export type SourceName = keyof typeof sources;
