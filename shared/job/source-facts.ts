import * as v from "valibot";
import { described, optional } from "#shared/described.ts";
import { byteCount, fewOf, figure, shortText } from "./fact-schemas.ts";
import type { DeepCamelKeys } from "./field-names.ts";

/** The kinds of high dynamic range. */
export const hdrFormats = ["hdr10", "hlg", "pq", "dolby_vision"] as const;
const scanTypes = ["progressive", "interlaced"] as const;

const language = optional(shortText, "The language as BCP 47 has it; absent where the file does not say.", "de");

const SourceVideo = v.object({
  codec: described(shortText, "The codec as ffprobe names it.", "h264"),
  width: described(figure, "In pixels as shown: rotated, and with square pixels.", 1_920),
  height: described(figure, "In pixels as shown: rotated, and with square pixels.", 1_080),
  frame_rate: optional(figure, "Pictures a second, by its packets; absent for a single picture.", 29.97),
  variable_frame_rate: described(v.boolean(), "Whether its pictures come at unlike intervals.", false),
  bit_rate: optional(figure, "Bits a second on average, by its packets.", 4_200_000),
  hdr: optional(v.picklist(hdrFormats), "The kind of high dynamic range; absent for SDR.", "hdr10"),
  rotation: optional(figure, "Degrees clockwise by which players turn the picture; absent for 0.", 90),
  scan: described(v.picklist(scanTypes), "Whether a picture is one moment, or two fields of two.", "progressive"),
});

const SourceAudio = v.object({
  codec: described(shortText, "The codec as ffprobe names it.", "aac"),
  language,
  channels: optional(figure, "How many channels; absent where the file does not say.", 6),
  layout: optional(shortText, "Which channels, as ffmpeg names them; absent where the file does not say.", "5.1"),
  sample_rate: optional(figure, "Samples a second; absent where the file does not say.", 48_000),
});

const SourceSubtitles = v.object({
  codec: described(shortText, "The codec as ffprobe names it.", "subrip"),
  language,
});

/** The JSON of what a source is, in REST, SSE, webhooks and records. */
export const SourceJson = v.object({
  container: described(shortText, "The container; `joined` where several sources make one film.", "mp4"),
  duration_seconds: optional(figure, "From the first picture or sound to the last, in seconds.", 60.04),
  bytes: described(byteCount, "Its size in bytes.", 73_400_320),
  video: v.exactOptional(SourceVideo),
  audio: v.pipe(fewOf(SourceAudio), v.metadata({ description: "Its tracks of sound, the film's own first." })),
  subtitles: v.pipe(fewOf(SourceSubtitles), v.metadata({ description: "Its tracks of subtitles." })),
});

/** The same of the sources that are joined to one film. */
export const SourcesJson = v.pipe(
  v.array(SourceJson),
  v.maxLength(50),
  v.metadata({
    description:
      "What each of the sources is that are joined to one film, in order; absent where there is one alone. `source` tells of the film then.",
  }),
);

/** What a source is, found by reading it, with the fields of `SourceJson`. */
export type SourceFacts = DeepCamelKeys<v.InferOutput<typeof SourceJson>>;
