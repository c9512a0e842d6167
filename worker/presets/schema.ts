import * as v from "valibot";
import { QualityTarget } from "#shared/job/quality-target.ts";
import { Poster, Preview, Sprite, Stills } from "#shared/job/thumbnails.ts";
import {
  Audio,
  allow,
  canBeAimed,
  description,
  isMixed,
  measure,
  name,
  oneOf,
  picture,
  Segments,
  segmentedAudio,
  segmentedVideo,
  splitSeconds,
  Video,
  type VideoSettings,
} from "./fields.ts";
import { RawPreset } from "./raw-preset.ts";
import { SinglePreset } from "./single-preset.ts";

/** A preset of many small files, and of the playlists or manifests that name them. */
const SegmentedPreset = v.pipe(
  v.strictObject({
    name,
    description,
    output_type: oneOf(["hls", "dash", "cmaf"]),
    video: Video,
    audio: v.exactOptional(Audio),
    segments: Segments,
    picture,
    /** Delivers text subtitles as renditions. Default: they are left out. */
    subtitles: v.exactOptional(oneOf(["webvtt"])),
    measure,
    split_seconds: splitSeconds,
    /** The quality that the largest rendition is to have; the CRFs of the others keep their distance from its own. */
    quality: v.exactOptional(QualityTarget),
    /** Leaves out renditions that look hardly better than the one below. Default: all are made. */
    ladder: v.exactOptional(oneOf(["adaptive"])),
    allow,
    /** Pictures that lie beside the segments: sheets of small ones, a few moments, one that is typical, given moments. */
    thumbnails: v.exactOptional(Sprite),
    preview: v.exactOptional(Preview),
    poster: v.exactOptional(Poster),
    stills: v.exactOptional(Stills),
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
    v.check(
      (preset) => (preset.audio?.tracks?.length ?? 1) === 1 || !isOneInFmp4(preset),
      "a single rendition in fMP4 holds its sound, and no other: name one",
    ),
    ["audio", "tracks"],
  ),
  v.forward(
    v.check(({ video, quality }) => !quality || canBeAimed(video), "a bitrate leaves nothing to aim with"),
    ["quality"],
  ),
  v.forward(
    v.check(
      ({ ladder, video }) => !ladder || (video.renditions.length > 1 && !isMixed(video)),
      "list at least two renditions to choose from, all of HDR or all of SDR",
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

type Shape = {
  output_type: string;
  video: VideoSettings;
  segments: { format?: string | undefined };
  subtitles?: string;
  ladder?: string;
};

/** Whether the sound lies in segments of fMP4 with the picture, as of `isMuxed`. */
const isOneInFmp4 = ({ output_type, video, segments, subtitles, ladder }: Shape) =>
  output_type === "hls" &&
  video.renditions.length === 1 &&
  (segments.format === "fmp4" || video.codec !== "h264") &&
  subtitles === undefined &&
  ladder === undefined;

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
