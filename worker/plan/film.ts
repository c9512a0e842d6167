import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import type { VideoCodec } from "#worker/presets/fields.ts";
import { copiedVideo } from "./encoders.ts";
import type { Timing } from "./timing.ts";

/** How the pictures of a source become its renditions: all that the encode of a part of them has to know. */
export type Film = Pick<Timing, "rate" | "frames"> & {
  /** The stream of the source that is encoded. */
  video: VideoStream;
  /** A part may begin at each multiple of so many frames. */
  unitFrames: number;
  /** Where the encoder chooses its keyframes: so many frames from one to the next as long as no scene begins. */
  usualGopFrames?: number | undefined;
  /** Frames from keyframe to keyframe; undefined where one may be anywhere. */
  gopFrames?: number | undefined;
  /** From the best to the least. */
  renditions: readonly {
    /** What is between the decoded picture, whole and not interlaced, and the rate of the output. */
    filters: readonly string[];
    /** What is laid over the pictures behind that, at their times in the film. */
    over: readonly string[];
    /** The encoder and its options, for an output that has no other stream. */
    encoder: readonly string[];
    /** The size of the decoder's buffer (VBV) as the preset has it, such as `6000k`. */
    bufsize: string;
  }[];
};

/** Takes pictures that are encoded already, as inputs behind so many others: a list for each rendition. */
export const encodedPictures = (lists: readonly string[], others: number, codec: VideoCodec): string[] => [
  ...lists.flatMap((list) => [...encodedInput, "-i", list]),
  ...lists.flatMap((_, at) => ["-map", `${others + at}:v`, ...copiedVideo(codec, at)]),
];

// The list names files of ours in its own folder, and nothing but those is opened.
const encodedInput = ["-protocol_whitelist", "file", "-format_whitelist", "concat,mov", "-f", "concat"];

/** How many inputs there are. */
export const inputCount = (args: readonly string[]) => args.filter((arg) => arg === "-i").length;
