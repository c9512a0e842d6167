import type { AudioStream, SubtitleStream, VideoStream } from "./streams.ts";

/** What is known about a file, as far as planning and verifying need it. */
export type Probe = {
  /** The names of the demuxer, separated by commas, as ffprobe gives them. */
  format: string;
  /**
   * From the first picture or sound to the last, in seconds. Undefined when the file does not say, or ffprobe only
   * guesses it from the bit rate.
   */
  durationSeconds: number | undefined;
  /** The one to encode: the default one, or the largest that moves. Cover pictures are none. */
  video: VideoStream | undefined;
  /** Those whose codec is known, the film's own first. */
  audio: readonly AudioStream[];
  /** Texts and pictures of text, in the file's order. */
  subtitles: readonly SubtitleStream[];
  /** Every video that is not a cover picture, in the file's order. */
  videos?: readonly VideoStream[];
  /** The indexes of the streams of each program (MPEG-TS). */
  programs?: readonly ReadonlySet<number>[];
  /** The longest time in seconds in which no stream has anything; known once the packets were read. */
  longestGap?: number;
  /** Whether the file's own clock goes on from its beginning to its end, as its header says as well. */
  isSteady?: boolean;
  /**
   * Where a transport stream's clock starts again, each stream must be read through an opening of its own: ffmpeg moves
   * all streams of an opening once for each of them. By stream, how many seconds such an opening must be moved
   * (`-itsoffset`) to begin when the stream does, for each opening begins at zero.
   */
  apart?: ReadonlyMap<number, number>;
  /** What ffmpeg must be told before it reads this very file. */
  inputOptions?: readonly string[];
  /** Which part of a longer source all this is told of, as if it were a source of its own; absent: it is all of it. */
  clip?: SourceClip | undefined;
  /** The sources that are shown one after the other as the film that all this is told of; absent: it is one source. */
  joined?: Joined;
};

/** AVI tells when pictures are decoded, and ffmpeg shows them as much later as its decoder has to wait for others. */
export const hasTimes = ({ format }: Pick<Probe, "format">) => format !== "avi";

/** Where a clip lies in its source. Moments of the clip count from its beginning. */
type SourceClip = {
  /** When it begins, in seconds by the clock of the source, which begins at zero. */
  start: number;
  /**
   * Where reading begins (`-ss`), by the same clock, so that its first picture and sound are whole. Absent where no moment
   * can be looked for: all is read from the beginning, and counts from there.
   */
  seekSeconds?: number;
  /** How long the whole source is, as far as it was read or says it. */
  sourceSeconds: number;
};

/** One of the sources that a film is joined of. */
export type JoinedPart = {
  /** Its absolute path. */
  input: string;
  /** What it is by itself, or the clip of it that is taken. */
  probe: Probe;
  /** The stream whose pictures are taken; undefined where the film has none. */
  video: VideoStream | undefined;
  /** The stream that is heard; undefined where it has none: then there is silence. */
  audio: AudioStream | undefined;
  /** What makes of its decoded pictures exactly those of the film, `frames` of them. */
  filters: readonly string[];
  /** How many pictures the film has of it; undefined where the film has none. */
  frames: number | undefined;
  /** When it begins in the film, in seconds. */
  startSeconds: number;
  /** When it ends in the film, in seconds. */
  endSeconds: number;
  /** How long its sound is in the film, in samples at 48 kHz. */
  samples: number;
};

/** How a film is joined of several sources, which are shown one after the other. */
export type Joined = {
  parts: readonly JoinedPart[];
  /** Frames a second, as a fraction. */
  rate: { over: number; under: number };
  /** What the film lacks of its sources, in words for its client. */
  warnings: readonly string[];
};
