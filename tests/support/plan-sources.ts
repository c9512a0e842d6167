import { purposeOf } from "#worker/ffmpeg/disposition.ts";
import type { Probe, VideoStream } from "#worker/ffmpeg/media.ts";
import type { StreamPackets } from "#worker/ffmpeg/stream-packets.ts";

const video: VideoStream = {
  index: 0,
  codec: "h264",
  width: 1_920,
  height: 1_080,
  sampleAspect: 1,
  rotation: 0,
  pixelFormat: "yuv420p",
  transfer: undefined,
  interlaced: false,
  averageRate: 24,
  nominalRate: 24,
  frames: 240,
  ...purposeOf({}),
};

/** What the packets of an even stream say. */
export const packets = (of: Partial<StreamPackets> = {}): StreamPackets => ({
  count: 240,
  startSeconds: 0,
  endSeconds: 10,
  undecodable: 0,
  keyframes: [0],
  shortInterval: 1 / 24,
  meanInterval: 1 / 24,
  lastSeconds: 10 - 1 / 24,
  backwards: 0,
  gaps: [],
  ...of,
});

/** A 10 s source with stereo sound and this video. */
export const source = (of: Partial<VideoStream> = {}, rest: Partial<Probe> = {}): Probe => ({
  format: "mov",
  durationSeconds: 10,
  video: { ...video, ...of },
  audio: [{ index: 1, codec: "aac", channels: 2, language: undefined, ...purposeOf({}) }],
  subtitles: [],
  ...rest,
});
