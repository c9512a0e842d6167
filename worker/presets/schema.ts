import * as v from "valibot";
import { metrics } from "#shared/job/metric.ts";
import { QualityTarget } from "#shared/job/quality-target.ts";
import {
  Audio,
  type audioCodecs,
  between,
  description,
  name,
  oneOf,
  Poster,
  Preview,
  Segments,
  segmentedAudio,
  segmentedVideo,
  Thumbnails,
  Video,
} from "./fields.ts";
import { RawPreset } from "./raw-preset.ts";

/** Measures the quality of each rendition before anything is shown, unless an order says otherwise. Default: not. */
const measure = v.exactOptional(oneOf(metrics));

/** Encodes longer films in pieces of about so many seconds, and keeps each. Default: the worker's SPLIT_SECONDS. */
const splitSeconds = v.exactOptional(between(2, 3_600));

/** The containers each codec may be in; the first is taken when the preset names none. */
const containers = {
  h264: ["mp4"],
  h265: ["mp4"],
  av1: ["mp4", "webm"],
  vp9: ["webm", "mp4"],
  aac: ["m4a"],
  mp3: ["mp3"],
  opus: ["opus"],
} as const;

const SingleFields = v.strictObject({
  name,
  description,
  output_type: v.optional(v.literal("single"), "single"),
  extension: v.exactOptional(v.string()),
  video: v.exactOptional(Video),
  audio: v.exactOptional(Audio),
  poster: v.exactOptional(Poster),
  thumbnails: v.exactOptional(Thumbnails),
  preview: v.exactOptional(Preview),
  measure,
  split_seconds: splitSeconds,
  /** The quality that each film is to have; its CRF is found by trying a sample. Default: the rendition's CRF. */
  quality: v.exactOptional(QualityTarget),
});
type SingleFields = v.InferOutput<typeof SingleFields>;

/** A preset of one file, or of a main file and others that belong to it. */
const SinglePreset = v.pipe(
  SingleFields,
  v.check(
    ({ video, audio, preview, thumbnails, poster }) => [video, audio, preview, thumbnails, poster].some(Boolean),
    "write at least one of video, audio, preview, thumbnails, poster",
  ),
  v.forward(
    v.check(({ video }) => (video?.renditions.length ?? 1) === 1, "a single file holds one rendition"),
    ["video", "renditions"],
  ),
  v.forward(
    v.check(({ video, measure }) => video !== undefined || measure === undefined, "only a preset of video may set it"),
    ["measure"],
  ),
  v.forward(
    v.check(({ video, split_seconds }) => !split_seconds || video !== undefined, "only a preset of video may set it"),
    ["split_seconds"],
  ),
  v.forward(
    v.check(({ video, quality }) => !quality || video !== undefined, "only a preset with video has one to aim at"),
    ["quality"],
  ),
  v.forward(
    v.check(({ video, audio }) => !video || audio?.loudness === undefined, "only a preset of sound alone may set it"),
    ["audio", "loudness"],
  ),
  v.forward(
    v.check(
      ({ video, audio }) => !audio || !video || audioBeside(video.codec).includes(audio.codec),
      "use aac or opus",
    ),
    ["audio", "codec"],
  ),
  v.forward(
    v.check((preset) => extensionsOf(preset).includes(preset.extension ?? extensionOf(preset)), "use mp4 or webm"),
    ["extension"],
  ),
  v.transform((preset) => ({ ...preset, extension: preset.extension ?? extensionOf(preset) })),
);
export type SinglePreset = v.InferOutput<typeof SinglePreset>;

// WebM cannot contain AAC.
const audioBeside = (codec: keyof typeof containers): readonly (typeof audioCodecs)[number][] =>
  codec === "vp9" ? ["opus"] : ["aac", "opus"];

function extensionsOf({ video, audio, preview, thumbnails }: SingleFields): readonly [string, ...string[]] {
  const codec = video?.codec ?? audio?.codec;
  if (codec) return containers[codec];
  if (preview) return [preview.format];
  return thumbnails ? ["vtt"] : ["jpg"];
}

const extensionOf = (preset: SingleFields) => extensionsOf(preset)[0];

/** A preset of many small files, and of the playlists or manifests that name them. */
const SegmentedPreset = v.pipe(
  v.strictObject({
    name,
    description,
    output_type: oneOf(["hls", "dash", "cmaf"]),
    video: Video,
    audio: v.exactOptional(v.omit(Audio, ["loudness"])),
    segments: Segments,
    /** Delivers text subtitles as renditions. Default: they are left out. */
    subtitles: v.exactOptional(oneOf(["webvtt"])),
    measure,
    split_seconds: splitSeconds,
    /** The quality that the largest rendition is to have; the CRFs of the others keep their distance from its own. */
    quality: v.exactOptional(QualityTarget),
    /** Leaves out renditions that look hardly better than the one below. Default: all are made. */
    ladder: v.exactOptional(oneOf(["adaptive"])),
  }),
  v.forward(
    v.check(({ output_type, video }) => includes(segmentedVideo[output_type], video.codec), "HLS plays h264 and h265"),
    ["video", "codec"],
  ),
  v.forward(
    v.check(({ output_type, audio }) => !audio || includes(segmentedAudio[output_type], audio.codec), "HLS plays aac"),
    ["audio", "codec"],
  ),
  v.forward(
    v.check(
      ({ output_type, segments, video }) =>
        segments.format === "fmp4" || !segments.format || (output_type === "hls" && video.codec === "h264"),
      "use fmp4: MPEG-TS is for H.264 in HLS",
    ),
    ["segments", "format"],
  ),
  v.forward(
    v.check(
      ({ output_type, segments: { encryption, format } }) =>
        !encryption || (output_type === "hls" && format !== "fmp4"),
      "only HLS in MPEG-TS can be encrypted",
    ),
    ["segments", "encryption"],
  ),
  v.forward(
    v.check(
      ({ segments, measure }) => !segments.encryption || measure === undefined,
      "it cannot see what is encrypted",
    ),
    ["measure"],
  ),
  v.forward(
    v.check(({ output_type, subtitles }) => !subtitles || output_type === "hls", "only HLS takes them"),
    ["subtitles"],
  ),
  v.forward(
    v.check(
      ({ ladder, video }) => !ladder || video.renditions.length > 1,
      "list at least two renditions to choose from",
    ),
    ["ladder"],
  ),
  v.forward(
    v.check(({ segments, video }) => segments.seconds % video.gop_seconds === 0, "use a multiple of video.gop_seconds"),
    ["segments", "seconds"],
  ),
  v.transform(({ segments, ...preset }) => {
    const isTs = preset.output_type === "hls" && preset.video.codec === "h264" && segments.format !== "fmp4";
    return {
      ...preset,
      segments: { ...segments, format: isTs ? ("mpegts" as const) : ("fmp4" as const) },
      extension: "",
    };
  }),
);
export type SegmentedPreset = v.InferOutput<typeof SegmentedPreset>;

const includes = (list: readonly string[], value: string) => list.includes(value);

const has = (input: unknown, key: string): input is Record<string, unknown> =>
  typeof input === "object" && input !== null && key in input;

const isSegmented = (input: unknown) => has(input, "output_type") && input["output_type"] !== "single";

export const Preset = v.lazy((input) => {
  if (has(input, "ffmpeg_args")) return RawPreset;
  return isSegmented(input) ? SegmentedPreset : SinglePreset;
});
/** `extension` is empty when the output is a folder. */
export type Preset = SinglePreset | SegmentedPreset | RawPreset;
