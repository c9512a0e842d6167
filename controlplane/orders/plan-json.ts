import * as v from "valibot";
import { maxBitRateWords } from "#controlplane/workers/presets.ts";
import type { PlannedRendition, PlanResponse, PresetPlan } from "#proto/worker/v1/worker_pb.js";
import { described, optional } from "#shared/described.ts";
import { faultKinds, isFaultKind } from "#shared/fault.ts";
import { ClipJson, clipFromMessage } from "#shared/job/clip.ts";
import { factsToJson } from "#shared/job/facts.ts";
import { SourceJson, SourcesJson } from "#shared/job/source-facts.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { factsFromMessage } from "#shared/rpc/facts-message.ts";

const bitRate = (words: string) => optional(v.number(), words, 3_000_000);
const codec = described(v.string(), "As ffprobe names it.", "h264");
const channels = (words: string) => optional(v.number(), words, 2);
const language = optional(v.string(), "BCP 47; absent where the source does not say.", "en");

const Rendition = v.object({
  name: described(
    v.string(),
    "Its media playlist, its representation as `<manifest>#<id>`, or its file, which a job calls after its output.path.",
    "stream_0.m3u8",
  ),
  kind: described(v.string(), "video, audio, subtitles or image.", "video"),
  codec,
  width: optional(v.number(), "In pixels.", 1_280),
  height: optional(v.number(), "In pixels.", 720),
  frame_rate: optional(v.number(), "Pictures a second.", 29.97),
  hdr: optional(v.string(), "hdr10 or hlg: the kind of high dynamic range; absent for SDR.", "hdr10"),
  max_bit_rate: bitRate(maxBitRateWords),
  audio: v.exactOptional(
    v.pipe(
      v.object({
        codec,
        channels: channels("How many."),
        bit_rate: bitRate("Asked of its encoder, in bits a second."),
        language,
      }),
      v.metadata({ description: "The sound in the same file or segments." }),
    ),
  ),
  channels: channels("How many channels, of sound alone."),
  language,
});

const Dropped = v.object({
  size: described(v.number(), "The short side of its picture in pixels, as the preset has it.", 1_080),
  reason: described(v.string(), "Why, for people.", "it is larger than the source, whose short side is 720"),
});

const Preset = v.object({
  preset: described(v.string(), "Its name.", "hls_720p_abr"),
  output_type: described(v.string(), "single, hls, dash or cmaf.", "hls"),
  renditions: described(
    v.array(Rendition),
    "What a player could choose, the best picture first. Empty for a preset of your own arguments, whose output is not known before, and for one that refuses the source.",
    [{ name: "stream_0.m3u8", kind: "video", codec: "h264", width: 1_280, height: 720 }],
  ),
  dropped: optional(v.array(Dropped), "Renditions of the preset that it would leave out.", [
    { size: 1_080, reason: "it is larger than the source, whose short side is 720" },
  ]),
  warnings: optional(v.array(v.string()), "What a viewer would miss, for people.", [
    "the source's subtitle track 2 (hdmv_pgs_subtitle) is left out: it is no text",
  ]),
  error: v.exactOptional(
    v.pipe(
      v.object({
        kind: described(v.picklist(faultKinds), "The kind of fault, for programs.", "source_failed"),
        message: described(v.string(), "For people.", "the source has no video, which preset 720p_h264 encodes"),
      }),
      v.metadata({ description: "Why the preset refuses the source; absent when it takes it." }),
    ),
  ),
});

/** What presets would make of a source, as REST shows it. */
export const PlanJson = v.object({
  source: v.exactOptional(SourceJson),
  sources: v.exactOptional(SourcesJson),
  clip: optional(
    ClipJson,
    "The part of the source that would be encoded, to the picture and with its end; absent where no clip was asked for.",
    { start: 90.04, end: 120.04 },
  ),
  presets: described(v.array(Preset), "What each preset would make, or the one that was asked for.", [
    { preset: "240p_fast", output_type: "single", renditions: [] },
  ]),
});
type PlanJson = v.InferOutput<typeof PlanJson>;

export function planToJson({ source, sources, clip, presets }: PlanResponse): PlanJson {
  return {
    ...factsToJson(factsFromMessage({ source, sources })),
    ...(clip && { clip: clipFromMessage(clip) }),
    presets: presets.map(presetToJson),
  };
}

const presetToJson = ({ preset, outputType, renditions, dropped, warnings, error, errorKind }: PresetPlan) => ({
  ...{ preset, output_type: outputType, renditions: renditions.map(renditionToJson) },
  ...omitEmpty({ dropped: dropped.map(({ size, reason }) => ({ size, reason })), warnings }),
  ...(error && { error: { kind: isFaultKind(errorKind) ? errorKind : ("internal" as const), message: error } }),
});

const renditionToJson = ({ name, kind, codec, audio, maxBitRate, frameRate, ...same }: PlannedRendition) => ({
  ...{ name, kind, codec },
  ...omitEmpty({ width: same.width, height: same.height, frame_rate: frameRate, hdr: same.hdr }),
  ...omitEmpty({ max_bit_rate: Number(maxBitRate) }),
  ...(audio && {
    audio: {
      codec: audio.codec,
      ...omitEmpty({ channels: audio.channels, bit_rate: Number(audio.bitRate), language: audio.language }),
    },
  }),
  ...omitEmpty({ channels: same.channels, language: same.language }),
});
