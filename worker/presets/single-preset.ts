import * as v from "valibot";
import { QualityTarget } from "#shared/job/quality-target.ts";
import { Poster, Preview, Sprite, Stills } from "#shared/job/thumbnails.ts";
import {
  Audio,
  allow,
  type audioCodecs,
  canBeAimed,
  description,
  measure,
  name,
  picture,
  splitSeconds,
  Video,
} from "./fields.ts";

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
  thumbnails: v.exactOptional(Sprite),
  preview: v.exactOptional(Preview),
  picture,
  /** Pictures at given moments. */
  stills: v.exactOptional(Stills),
  measure,
  split_seconds: splitSeconds,
  /** The quality that each film is to have; its CRF is found by trying a sample. Default: the rendition's CRF. */
  quality: v.exactOptional(QualityTarget),
  allow,
});
type SingleFields = v.InferOutput<typeof SingleFields>;

/** A preset of one file, or of a main file and others that belong to it. */
export const SinglePreset = v.pipe(
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
    v.check(({ video, stills }) => !stills || video !== undefined, "only a preset of video may set it"),
    ["stills"],
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
    v.check(({ video, quality }) => !quality || !video || canBeAimed(video), "a bitrate leaves nothing to aim with"),
    ["quality"],
  ),
  v.forward(
    v.check(
      ({ picture, video, preview, thumbnails, poster }) =>
        !picture || [video, preview, thumbnails, poster].some(Boolean),
      "only a preset with pictures may set it",
    ),
    ["picture"],
  ),
  v.forward(
    v.check(
      ({ video, audio }) => !audio || !video || audioBeside(video.codec).includes(audio.codec),
      "use aac or opus",
    ),
    ["audio", "codec"],
  ),
  v.forward(
    v.check(({ audio }) => audio?.codec !== "mp3" || audio.channels !== "source", "MP3 has no more than two channels"),
    ["audio", "channels"],
  ),
  v.forward(
    v.check(
      ({ audio, video }) => video !== undefined || (audio?.tracks?.length ?? 1) === 1,
      "a file of sound alone holds one: name one",
    ),
    ["audio", "tracks"],
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
