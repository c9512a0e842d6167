import * as v from "valibot";
import { described, optional } from "#shared/described.ts";
import { byteCount, fewOf, figure, pathText, shortText } from "./fact-schemas.ts";
import type { DeepCamelKeys } from "./field-names.ts";
import { hdrFormats } from "./source-facts.ts";

const renditionKinds = ["video", "audio", "subtitles", "image"] as const;

const Rendition = v.object({
  path: described(
    pathText,
    "What a player opens for it, beside the output's entry: a media playlist, a file, or `<manifest>#<representation>`.",
    "video_0.m3u8",
  ),
  kind: described(v.picklist(renditionKinds), "What it shows; sound may lie in a video.", "video"),
  codecs: optional(
    shortText,
    "What it holds as RFC 6381 names it, separated by commas; absent where that has no name.",
    "avc1.64001f,mp4a.40.2",
  ),
  width: optional(figure, "In pixels, as stored; of the WebVTT of thumbnails, that of each of its pictures.", 1_280),
  height: optional(figure, "In pixels, as stored; of the WebVTT of thumbnails, that of each of its pictures.", 720),
  frame_rate: optional(figure, "Pictures a second.", 29.97),
  hdr: optional(v.picklist(hdrFormats), "The kind of high dynamic range of its pictures; absent for SDR.", "hdr10"),
  language: optional(shortText, "The language as BCP 47 has it.", "de"),
  duration_seconds: optional(figure, "How long it plays, in seconds.", 60.04),
  bytes: described(byteCount, "All of its media in bytes, an init segment included.", 15_728_640),
  average_bit_rate: optional(figure, "Bits a second over its whole length.", 2_096_000),
  peak_bit_rate: optional(
    figure,
    "The largest bits a second: of segments, over any run that lasts 0.5 to 1.5 target durations (RFC 8216, 4.1); of a file, over any second of its clock.",
    2_860_000,
  ),
  segments: optional(byteCount, "How many segments; absent for a file.", 10),
  bit_rates: optional(
    fewOf(figure),
    "Bits a second from its beginning to its end, each over an equal part of it; at most 100. Left out of lists.",
    [2_100_000, 1_900_000],
  ),
});

/** The JSON of what an output holds, in REST, SSE, webhooks and records. */
export const OutputsJson = v.object({
  files: described(
    byteCount,
    "Files that were published, a key for decryption included, without a certificate, which tells of them.",
    24,
  ),
  bytes: described(byteCount, "The bytes of these files.", 18_874_368),
  duration_seconds: optional(figure, "How long its longest rendition plays, in seconds.", 60.04),
  renditions: v.pipe(
    fewOf(Rendition),
    v.metadata({ description: "What a player may choose, in the order of the output; at most 100." }),
  ),
});

/** What an output holds, measured from what was written, with the fields of `OutputsJson`. */
export type OutputFacts = DeepCamelKeys<v.InferOutput<typeof OutputsJson>>;
