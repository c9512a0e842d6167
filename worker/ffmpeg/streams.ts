import type { BurnedText } from "#worker/burn/burned-text.ts";
import type { CaptionChannel } from "#worker/captions/channels.ts";
import type { OverlaidFilm } from "#worker/overlays/fetched-overlay.ts";
import type { Purpose } from "./disposition.ts";
import type { Edits } from "./edits.ts";
import type { Grading } from "./grading.ts";
import type { StreamPackets } from "./stream-packets.ts";

/** What of a stream belongs to a clip, in seconds of the clip; what is read before and after it is not shown. */
export type ClipRange = {
  /** When its first picture begins, which is before zero where that stood already. */
  from: number;
  /** How far ffmpeg's clock is ahead of that of the clip when it reads from the beginning; absent: not at all. */
  ahead?: number;
  /** When it ends. */
  to: number;
  /** When the first picture that is read is shown, where its own timestamp is wrong. */
  firstSeconds?: number;
  /** Whether one picture stands all the time. */
  isStill?: true;
};

export type VideoStream = {
  /** Its number in the file, from 0. */
  index: number;
  /** As ffprobe names it, such as `h264`. */
  codec: string;
  /** As stored: before rotation, in pixels that need not be square. */
  width: number;
  /** As stored, like the width. */
  height: number;
  /** The width of a pixel divided by its height; 1 for square pixels. */
  sampleAspect: number;
  /** Degrees clockwise that a player turns the picture by. */
  rotation: number;
  /** As ffmpeg names it, such as `yuv420p10le`; undefined where ffprobe could not find it out. */
  pixelFormat: string | undefined;
  /** As ffmpeg names them; undefined where the file does not say (ITU-T H.273). */
  matrix?: string | undefined;
  /** As ffmpeg names them; undefined where the file does not say. */
  primaries?: string | undefined;
  /** As ffmpeg names it; undefined where the file does not say. */
  transfer: string | undefined;
  /** `tv` for limited and `pc` for full range. */
  range?: string | undefined;
  /** The profile of Dolby Vision, when it is that. */
  dolbyVision?: number | undefined;
  /** Whether that is a profile whose pictures nothing but Dolby's own decoders can show. */
  needsDolbyVision?: boolean;
  /** How an HDR picture was graded; undefined for others, and before it was looked for. */
  grading?: Grading | undefined;
  /** The four characters by which the container names the codec. */
  codecTag?: string | undefined;
  /** Whether each picture is two fields of different moments. */
  interlaced: boolean;
  /** Frames a second on average; undefined where the file does not say. */
  averageRate: number | undefined;
  /** The rate whose ticks hold all timestamps. */
  nominalRate: number | undefined;
  /** How many there are; undefined where neither the container nor its packets tell. */
  frames: number | undefined;
  /** The captions in its pictures (CEA-608 and 708); undefined before they were looked for. */
  captions?: readonly CaptionChannel[];
  /** The sizes and shapes that its keyframes have, in their order, where they are not all the same. */
  shapes?: readonly FrameShape[];
  /** What is done to its pictures before they are shown; the planner fills it in where a preset asks for it. */
  edits?: Edits;
  /** What is laid over its pictures; the planner fills it in. */
  overlays?: OverlaidFilm;
  /** The text that is drawn into its pictures, below what is laid over them; the planner fills it in. */
  burned?: BurnedText;
} & Timed &
  Purpose;

/** The size and shape of pictures from some moment on. */
export type FrameShape = {
  /** The moment in the source. */
  fromSeconds: number;
  /** In pixels, as stored. */
  width: number;
  /** In pixels, as stored. */
  height: number;
  /** The width of a pixel divided by its height. */
  sampleAspect: number;
};

type Timed = {
  /** When it ends, if that is known of this stream alone. */
  endSeconds?: number | undefined;
  /** What its packets say; undefined before they were read. */
  packets?: StreamPackets;
  /** What of it is taken; absent: all. */
  clip?: ClipRange;
};

export type AudioStream = {
  /** Its number in the file, from 0. */
  index: number;
  /** As ffprobe names it, such as `aac`. */
  codec: string;
  /** Its number among the sounds of the file, from 0; left out where nobody counted them. */
  number?: number;
  /** How many there are; undefined where the file does not say. */
  channels: number | undefined;
  /** As ffmpeg names it, such as `5.1(side)`; undefined when nobody says which channel is which. */
  layout?: string | undefined;
  /** Samples a second; undefined where the file does not say. */
  sampleRate?: number | undefined;
  /** As the file has it, mostly ISO 639-2; undefined where it does not say. */
  language: string | undefined;
  /** The four characters by which the container names the codec. */
  codecTag?: string | undefined;
  /** Whether its channels or its sample rate change on the way. */
  isChanging?: boolean;
} & Timed &
  Purpose;

/** Whether ffprobe has seen enough of a sound to know what it is. */
export const isKnown = ({ sampleRate, channels }: AudioStream) => (sampleRate ?? 0) > 0 && (channels ?? 0) > 0;

export type SubtitleStream = {
  /** Its number in the file, from 0. */
  index: number;
  /** As ffprobe names it, such as `subrip`. */
  codec: string;
  /** Its text as WebVTT, where it is none of the file's streams but read already. */
  text?: string;
  /** As the file has it, mostly ISO 639-2; undefined where it does not say. */
  language: string | undefined;
} & Purpose;
