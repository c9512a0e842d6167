/** What a player could choose of an output that is planned. Codecs are named as ffprobe names them. */
export type PlannedRendition = {
  /** Its media playlist, its representation as `<manifest>#<id>`, or its file, as an output is called before it is delivered. */
  name: string;
  kind: "video" | "audio" | "subtitles" | "image";
  codec: string;
  /** In pixels. */
  width?: number;
  /** In pixels. */
  height?: number;
  /** Pictures a second. */
  frameRate?: number;
  /** The kind of high dynamic range; left out for SDR. */
  hdr?: "hdr10" | "hlg";
  /** What the encoder is told, in bits a second: `maxrate`; of sound its bit rate. */
  maxBitRate?: number;
  /** The sound in the same file or segments. */
  audio?: PlannedSound;
  /** How many channels sound has. */
  channels?: number;
  /** BCP 47. */
  language?: string;
};

/** Sound beside a picture; its bit rate in bits a second. */
export type PlannedSound = { codec: string; channels: number; bitRate: number; language?: string };

/** A rendition of a preset that is left out, by the short side of its picture in pixels. */
type DroppedRendition = { size: number; reason: string };

export type PlannedRenditions = { renditions: PlannedRendition[]; dropped: DroppedRendition[] };
