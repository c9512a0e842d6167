import type { SubtitleMode } from "#shared/job/subtitles.ts";

/** Where the text of ordered subtitles is. */
type SubtitleText =
  | {
      /** The absolute path of a file of clean UTF-8 that this process wrote. */
      path: string;
      codec: "subrip" | "ass" | "webvtt";
      /** What of it is shown in the film, as WebVTT that counts from its beginning; absent where it is drawn. */
      text?: string;
    }
  | {
      /** The number of a stream of the source, as ffprobe counts them. */
      stream: number;
      /** As ffprobe names it. */
      codec: string;
    };

/** Subtitles of an order that are ready to be planned. */
export type FetchedSubtitle = SubtitleText & {
  /** BCP 47 or ISO 639, by the order or else by the source; absent: unknown. */
  language?: string;
  /** What a viewer chooses them by; absent: the language's name. */
  name?: string;
  mode: SubtitleMode;
  /** Whether they are shown also to who wants none. */
  isForced: boolean;
  /** Whether players show them unless the viewer chooses otherwise. */
  isDefault: boolean;
};
