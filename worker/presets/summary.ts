import type { MessageInitShape } from "@bufbuild/protobuf";
import type { PresetRenditionSchema, PresetSchema } from "#proto/worker/v1/worker_pb.js";
import { bitsPerSecond } from "#shared/job/bit-rate.ts";
import { allowedParamsToMessage } from "#shared/rpc/allowed-params-message.ts";
import { audioNames, videoNames } from "#worker/plan/encoders.ts";
import { type AudioSettings, keepsHdr, type VideoSettings } from "./fields.ts";
import type { Preset, SegmentedPreset } from "./schema.ts";
import type { SinglePreset } from "./single-preset.ts";

type RenditionMessage = MessageInitShape<typeof PresetRenditionSchema>;

/** What a client is told of a preset, so that it can choose one. */
export const presetSummary = (preset: Preset): MessageInitShape<typeof PresetSchema> => ({
  name: preset.name,
  description: preset.description,
  outputType: preset.output_type,
  extension: preset.extension,
  group: groupOf(preset),
  container: containerOf(preset),
  renditions: "ffmpeg_args" in preset ? [] : renditionsOf(preset),
  allow: "ffmpeg_args" in preset ? [] : allowedParamsToMessage(preset.allow ?? {}),
});

const isSegmented = (preset: Preset): preset is SegmentedPreset => "segments" in preset;

function groupOf(preset: Preset): string {
  if (preset.output_type !== "single") return "streaming";
  if ("ffmpeg_args" in preset) return soundOnly.test(preset.extension) ? "audio" : "video";
  if (preset.video) return "video";
  return preset.audio ? "audio" : "images";
}

const soundOnly = /^(m4a|mp3|aac|ogg|opus|flac|wav)$/;

function containerOf(preset: Preset): string {
  if (isSegmented(preset)) return preset.segments.format;
  return groupOf(preset) === "images" ? "" : preset.extension;
}

function renditionsOf(preset: SinglePreset | SegmentedPreset): RenditionMessage[] {
  const { video, audio } = preset;
  return [
    ...(video ? pictures(video) : []),
    ...(audio ? [sound(audio)] : []),
    ...(isSegmented(preset) ? texts(preset) : []),
    ...images(preset),
  ];
}

const pictures = (video: VideoSettings): RenditionMessage[] =>
  video.renditions.map((rendition) => ({
    kind: "video",
    codec: videoNames[video.codec],
    size: rendition.size,
    maxBitRate: BigInt(bitsPerSecond(rendition.maxrate)),
    ...(keepsHdr(video, rendition) && { hdr: "keep" }),
  }));

const sound = ({ codec, bitrate }: Pick<AudioSettings, "codec" | "bitrate">): RenditionMessage => ({
  kind: "audio",
  codec: audioNames[codec],
  maxBitRate: BigInt(bitsPerSecond(bitrate)),
});

const texts = ({ subtitles }: SegmentedPreset): RenditionMessage[] =>
  subtitles ? [{ kind: "subtitles", codec: subtitles }] : [];

function images({ preview, thumbnails, poster }: SinglePreset | SegmentedPreset): RenditionMessage[] {
  return [
    ...(preview ? [{ kind: "image", codec: preview.format === "webp" ? "webp" : "h264", size: preview.size }] : []),
    ...(thumbnails ? [{ kind: "image", codec: "mjpeg" }] : []),
    ...(poster ? [{ kind: "image", codec: "mjpeg", size: poster.size }] : []),
  ];
}
