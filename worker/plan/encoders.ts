import type { AudioSettings, Rendition, VideoCodec } from "#worker/presets/schema.ts";

type VideoEncoder = {
  /** As ffprobe names what it makes. */
  codec: string;
  args(rendition: Rendition, speed: string): string[];
};

const cappedQuality = ({ crf, maxrate, bufsize }: Rendition) => [
  ...["-crf", String(crf)],
  ...["-maxrate", maxrate],
  ...["-bufsize", bufsize],
];

export const videoEncoders: Readonly<Record<VideoCodec, VideoEncoder>> = {
  h264: {
    codec: "h264",
    args: (rendition, speed) => [
      ...["-c:v", "libx264", "-preset", speed, "-profile:v", "high"],
      ...cappedQuality(rendition),
    ],
  },
  h265: {
    codec: "hevc",
    args: (rendition, speed) => [
      ...["-c:v", "libx265", "-preset", speed, "-x265-params", "log-level=error:open-gop=0"],
      ...["-tag:v", "hvc1"],
      ...cappedQuality(rendition),
    ],
  },
};

/** Never more channels than the source has. */
export const aac = ({ bitrate, channels }: AudioSettings, sourceChannels = channels) => [
  ...["-c:a", "aac", "-b:a", bitrate],
  ...["-ac", String(Math.min(channels, sourceChannels)), "-ar", "48000"],
];
