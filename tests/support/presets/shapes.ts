import type { SegmentedPreset } from "#worker/presets/schema.ts";

const largest = { size: 90, crf: 35, maxrate: "300k", bufsize: "600k" };
const smallest = { size: 60, crf: 35, maxrate: "200k", bufsize: "400k" };

const video: SegmentedPreset["video"] = {
  codec: "h264",
  speed: "veryfast",
  gop_seconds: 1,
  renditions: [largest, smallest],
};
const one: SegmentedPreset["video"] = { ...video, renditions: [largest] };
const audio: SegmentedPreset["audio"] = { codec: "aac", bitrate: "64k", channels: 2 };
const small = { description: "For tests", extension: "", video, audio };
const mpegts = { seconds: 2, format: "mpegts" } as const;
const fmp4 = { seconds: 2, format: "fmp4" } as const;

/** Each shape that segments may have, with a small picture that reorders frames as larger ones do. */
export const segmentedShapes: readonly SegmentedPreset[] = [
  { ...small, name: "hls_ts_one", output_type: "hls", video: one, segments: mpegts },
  { ...small, name: "hls_ts", output_type: "hls", segments: mpegts },
  { ...small, name: "hls_fmp4_one", output_type: "hls", video: one, segments: fmp4 },
  { ...small, name: "hls_fmp4", output_type: "hls", segments: fmp4 },
  { ...small, name: "dash", output_type: "dash", segments: fmp4 },
  { ...small, name: "cmaf", output_type: "cmaf", segments: fmp4 },
];
