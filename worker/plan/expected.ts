import type { Colour } from "./colour.ts";
import type { KeptHdr } from "./hdr.ts";

/** What a video must be. Codecs are named as ffprobe names them. */
export type ExpectedVideo = {
  /** Such as `h264`. */
  codec: string;
  /** The most that its short side may have, in pixels. */
  size: number;
  /** The very size that it must have, in pixels; left out where the preset names no frame. */
  frame?: { width: number; height: number };
  /** Whether bars are put around it because its encoder takes no picture as small as that. */
  isPadded?: boolean;
  /** Left out when nobody knows. */
  seconds?: number;
  /** How many frames it has, exactly; left out where its rate varies. */
  frames?: number;
  /** What its tags must say. */
  colour?: Colour;
  /** Whether it is made of an HDR picture and is none, and so must say nothing of HDR. */
  isToneMapped?: boolean;
  /** What it keeps of an HDR source, in 10 bits; left out for SDR, which has 8. */
  hdr?: KeptHdr | undefined;
};

/** What a sound must be; its length is left out when nobody knows. */
export type ExpectedAudio = {
  /** Such as `aac`. */
  codec: string;
  /** How many it has; left out where any will do. */
  channels?: number;
  /** Left out when nobody knows. */
  seconds?: number;
};

/** A file that the encode must leave in the output directory, and what it must hold. */
export type ExpectedFile = {
  /** Its path below the output directory. */
  name: string;
  /** What its video must be; left out where none is looked for. */
  video?: ExpectedVideo;
  /** What its sound must be; left out where none is looked for. */
  audio?: ExpectedAudio;
  /** What the sounds behind that one must be; left out where there are none. */
  moreAudio?: readonly ExpectedAudio[];
  /** Its tracks of text, all of them; left out where none is looked for. */
  texts?: readonly ExpectedText[];
  /** A picture instead of media that plays. */
  image?: "jpeg" | "webp";
  /** A text of ours, or a playlist. */
  isText?: boolean;
  /** How long it must be; left out when nobody knows. */
  seconds?: number;
  /** What its first picture is one of: a moment of the source in seconds, or what ffmpeg chose as a poster. */
  shows?: number | "poster";
  /** The size of that picture, when the file's first one holds more beside and below it. */
  tile?: { width: number; height: number };
};

/** What a track of text in a file must be. */
export type ExpectedText = {
  /** As ffprobe names it. */
  codec: string;
  /** As the file has it; undefined where it says none. */
  language: string | undefined;
  /** How many texts it shows. */
  cues: number;
  isForced: boolean;
  isDefault: boolean;
};

/** One set of segments that a player may choose: the playlist or representation, and what its media must hold. */
export type ExpectedTrack =
  | ({ kind: "video" } & ExpectedVideo)
  | ({ kind: "audio" } & ExpectedAudio)
  | { kind: "subtitles"; codec: "webvtt"; seconds?: number };

/** What verification asks of playlists and manifests. */
export type ExpectedSegments = {
  /** How long a segment is. */
  seconds: number;
  tracks: readonly ExpectedTrack[];
  /** Whether the first sound is in the segments of the only picture. */
  isMuxed?: boolean;
};
