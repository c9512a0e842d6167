import type { CaptionChannel } from "#worker/captions/channels.ts";
import type { Capabilities } from "#worker/ffmpeg/capabilities.ts";
import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import type { VideoCodec } from "#worker/presets/fields.ts";

/** What becomes of the captions in a source's pictures. */
export type CarriedCaptions = {
  /** Those that every picture of the output carries on; empty where none can be. */
  channels: readonly CaptionChannel[];
  /** For ffmpeg's encoder; undefined where it does what is wanted by itself. */
  a53cc?: 0 | 1;
  /** What is lost, in words for the client. */
  warnings: readonly string[];
};

/** Carries captions where the encoder can, whole; half of their bytes would be garbage. */
export function carriedCaptions(
  { captions = [], averageRate }: VideoStream,
  output: { codec: VideoCodec; rate: number | undefined },
  ffmpeg: Capabilities,
): CarriedCaptions {
  if (captions.length === 0) return { channels: [], warnings: [] };
  const lost = (reason: string): CarriedCaptions => {
    const warning = `the source has closed captions (${captions.join(", ")}), and the output has none: ${reason}`;
    return { channels: [], warnings: [warning] };
  };
  const can = carrying[output.codec];
  if (!can?.(ffmpeg)) {
    const later = can ? " before version 7" : "";
    return lost(`ffmpeg${later} cannot write them into ${names[output.codec]}`);
  }
  // Before, its fps filter drops the captions of each picture that it drops; now it hands them on.
  const isThinned = output.rate !== undefined && averageRate !== undefined && output.rate < averageRate * 0.99;
  if (isThinned && !ffmpeg.isAtLeast(7))
    return { ...lost("ffmpeg before version 7 cannot keep them at a lower frame rate"), a53cc: 0 };
  return { channels: captions, ...(output.codec === "h265" && { a53cc: 1 }), warnings: [] };
}

/** Codecs into which some ffmpeg writes captions, and whether this one does. */
const carrying: Partial<Record<VideoCodec, (ffmpeg: Capabilities) => boolean>> = {
  h264: () => true,
  h265: (ffmpeg) => ffmpeg.isAtLeast(7),
};

const names: Readonly<Record<VideoCodec, string>> = { h264: "H.264", h265: "H.265", av1: "AV1", vp9: "VP9" };

/** The same arguments, in which each encoder of video is told what to do with captions. */
export const withA53 = (args: readonly string[], a53cc: 0 | 1 | undefined): string[] =>
  args.flatMap((arg, at) => {
    const stream = /^-c(?::(v(?::\d+)?))$/.exec(args[at - 1] ?? "")?.[1];
    const isTold = a53cc !== undefined && stream !== undefined && /^libx26[45]$/.test(arg);
    return isTold ? [arg, `-a53cc:${stream}`, String(a53cc)] : [arg];
  });
