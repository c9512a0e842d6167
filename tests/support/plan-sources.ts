import { anyCapabilities } from "#worker/ffmpeg/capabilities.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { StreamPackets } from "#worker/ffmpeg/stream-packets.ts";
import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import { plan } from "#worker/plan/decide.ts";
import { ordinarySource } from "#worker/plan/encoders-of.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";

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
  longestInterval: 0.04,
  gaps: [],
  isUneven: false,
  bytes: 1_250_000,
  bytesOfSecond: new Map(Array.from({ length: 10 }, (_, second) => [second, 125_000])),
  ...of,
});

/** A 10 s source with stereo sound and this video. */
export const source = (of: Partial<VideoStream> = {}, rest: Partial<Probe> = {}): Probe => ({
  ...ordinarySource,
  ...(ordinarySource.video && { video: { ...ordinarySource.video, ...of } }),
  ...rest,
});

const presets = await loadPresets();
const place = { input: "/jobs/source", outputDir: "/jobs/out", stem: "my clip" };

/** What a preset of this name comes to for a source, with an ffmpeg that can do everything. */
export const planned = (name: string, probe = source()) =>
  plan(presetNamed(presets, name), probe, place, anyCapabilities);
