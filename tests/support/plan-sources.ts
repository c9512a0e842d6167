import type { Probe, VideoStream } from "#worker/ffmpeg/media.ts";
import type { StreamPackets } from "#worker/ffmpeg/stream-packets.ts";
import { ordinarySource } from "#worker/plan/encoders-of.ts";

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
  ...ordinarySource,
  ...(ordinarySource.video && { video: { ...ordinarySource.video, ...of } }),
  ...rest,
});
