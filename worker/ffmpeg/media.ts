import type { CaptionChannel } from "#worker/captions/channels.ts";
import type { Purpose } from "./disposition.ts";
import type { StreamPackets } from "./stream-packets.ts";

/** What is known about a file, as far as planning and verifying need it. */
export type Probe = {
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
};

export type VideoStream = {
  index: number;
  codec: string;
  /** As stored: before rotation, in pixels that need not be square. */
  width: number;
  height: number;
  sampleAspect: number;
  /** Degrees clockwise that a player turns the picture by. */
  rotation: number;
  pixelFormat: string | undefined;
  /** As ffmpeg names them; undefined where the file does not say (ITU-T H.273). */
  matrix?: string | undefined;
  primaries?: string | undefined;
  transfer: string | undefined;
  /** `tv` for limited and `pc` for full range. */
  range?: string | undefined;
  /** The profile of Dolby Vision, when it is that. */
  dolbyVision?: number | undefined;
  /** The four characters by which the container names the codec. */
  codecTag?: string | undefined;
  interlaced: boolean;
  /** Frames a second on average, and the rate whose ticks hold all timestamps. */
  averageRate: number | undefined;
  nominalRate: number | undefined;
  frames: number | undefined;
  /** The captions in its pictures (CEA-608 and 708); undefined before they were looked for. */
  captions?: readonly CaptionChannel[];
  /** The sizes and shapes that its keyframes have, in their order, where they are not all the same. */
  shapes?: readonly FrameShape[];
} & Timed &
  Purpose;

/** The size and shape of pictures from some moment on. */
export type FrameShape = { fromSeconds: number; width: number; height: number; sampleAspect: number };

type Timed = {
  /** When it ends, if that is known of this stream alone. */
  endSeconds?: number | undefined;
  /** What its packets say; undefined before they were read. */
  packets?: StreamPackets;
};

export type AudioStream = {
  index: number;
  codec: string;
  channels: number | undefined;
  /** As ffmpeg names it, such as `5.1(side)`; undefined when nobody says which channel is which. */
  layout?: string | undefined;
  sampleRate?: number | undefined;
  language: string | undefined;
  codecTag?: string | undefined;
  /** Whether its channels or its sample rate change on the way. */
  isChanging?: boolean;
} & Timed &
  Purpose;

export type SubtitleStream = { index: number; codec: string; language: string | undefined } & Purpose;
