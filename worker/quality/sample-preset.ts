import { omitEmpty } from "#shared/omit-empty.ts";
import type { Rendition, VideoCodec } from "#worker/presets/fields.ts";
import type { Preset, SegmentedPreset } from "#worker/presets/schema.ts";
import type { SinglePreset } from "#worker/presets/single-preset.ts";

/** A preset whose pictures the planner makes, and so knows how. */
export type FilmPreset = (SinglePreset & { video: NonNullable<SinglePreset["video"]> }) | SegmentedPreset;

export const isFilmPreset = (preset: Preset): preset is FilmPreset =>
  !("ffmpeg_args" in preset) && preset.video !== undefined;

export type Renditions = FilmPreset["video"]["renditions"];

/** What each encoder knows of CRFs. */
export const crfOf: Readonly<Record<VideoCodec, { most: number; step: number }>> = {
  h264: { most: 51, step: 0.1 },
  h265: { most: 51, step: 0.1 },
  av1: { most: 63, step: 1 },
  vp9: { most: 63, step: 1 },
};

/** The same preset with these renditions. */
export const withRenditions = (preset: FilmPreset, renditions: Renditions): FilmPreset =>
  preset.output_type === "single"
    ? { ...preset, video: { ...preset.video, renditions } }
    : { ...preset, video: { ...preset.video, renditions } };

/** The same renditions with CRFs that are all moved alike. */
export const withCrfsMoved = (renditions: Renditions, by: number, codec: VideoCodec): Renditions => {
  const moved = (one: Rendition): Rendition => ({
    ...one,
    crf: Math.min(crfOf[codec].most, Math.max(0, Math.round((one.crf + by) * 1_000) / 1_000)),
  });
  const [best, ...others] = renditions;
  return [moved(best), ...others.map(moved)];
};

/** The preset for an encode of a sample: the same pictures, and nothing else. */
export function forSample({ picture, ...preset }: FilmPreset, renditions: Renditions): FilmPreset {
  // The pictures of the sample are in the frame already, whose size goes before that of the renditions.
  const frame = picture && omitEmpty({ width: picture.width, height: picture.height });
  const framed = frame && Object.keys(frame).length > 0 ? { picture: frame } : {};
  if (preset.output_type === "single") {
    const { audio: _, poster: __, thumbnails: ___, preview: ____, stills: _____, ...pictures } = preset;
    return withRenditions({ ...pictures, ...framed }, renditions);
  }
  const { audio: _, subtitles: __, poster: ___, thumbnails: ____, preview: _____, stills: ______, ...film } = preset;
  const { encryption: _______, ...plain } = film.segments;
  return withRenditions({ ...film, ...framed, segments: plain }, renditions);
}
