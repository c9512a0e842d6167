import type { CaptionChannel } from "#worker/captions/channels.ts";
import type { HdrSideData } from "#worker/ffmpeg/hdr-side-data.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { SegmentContents } from "./segment-inspector.ts";

/** A file of an output. Which of the rest is known depends on its kind. */
export type OutputFile = {
  /** Its path below the output directory. */
  name: string;
  /** Its size. */
  bytes: number;
  /** Whether it is still in the output directory. */
  isHere?: boolean;
  /** What ffprobe sees; undefined when it was not asked, or it is not media. */
  probe?: Probe | undefined;
  /** What it says of HDR, in boxes or in its first frame; only looked for where the source is HDR. */
  hdr?: HdrSideData;
  /** The channels of captions in its pictures; only looked for where there must be some. */
  captions?: readonly CaptionChannel[];
  /** How many texts each of its tracks of text shows; only looked for where there must be some. */
  shownTexts?: readonly number[];
  /** A playlist, a manifest or another text. */
  text?: string;
  /** What a segment holds. */
  contents?: SegmentContents;
  /** Whether a segment has captions in its pictures; only looked for where there must be some. */
  hasCaptions?: boolean;
  /** The first bytes of fragmented MP4. */
  head?: Uint8Array;
  /** The first and last bytes. */
  ends?: { first: Uint8Array; last: Uint8Array };
  /** What ffmpeg says when it cannot decode all of it. */
  damage?: string;
};

/** The files of an output, by their names. */
export type FilesByName = ReadonlyMap<string, OutputFile>;
