import * as v from "valibot";
import { omitEmpty } from "#shared/omit-empty.ts";
import { Preset } from "#worker/presets/schema.ts";
import { type FilmPreset, isFilmPreset, withRenditions } from "#worker/quality/sample-preset.ts";

const Crf = v.pipe(v.number(), v.minValue(0), v.maxValue(63));

/** The preset of a film on a board, with which a planner comes to the same pictures. */
export const BoardPreset = v.pipe(
  v.object({
    /** As a file of presets may have it. */
    file: Preset,
    /** The CRFs of its renditions: those that are found for a film may have tenths. */
    crfs: v.pipe(v.array(Crf), v.minLength(1), v.maxLength(32)),
  }),
  v.check(({ file, crfs }) => isFilmPreset(file) && file.video.renditions.length === crfs.length),
  v.transform(({ file, crfs }): Preset => (isFilmPreset(file) ? withCrfs(file, crfs) : file)),
);

/** The JSON of such a preset, without what says nothing of its pictures and only a file may have. */
export function presetToJson(preset: FilmPreset) {
  const crfs = preset.video.renditions.map(({ crf }) => crf);
  const file = withCrfs(preset, crfs.map(Math.round));
  // A ladder that adapts has what was chosen of it, which may be one rendition.
  const decided = {
    quality: undefined,
    measure: undefined,
    split_seconds: undefined,
    ladder: undefined,
    allow: undefined,
    ...{ preview: undefined, thumbnails: undefined, poster: undefined, stills: undefined },
  };
  return { file: omitEmpty({ ...file, ...decided }), crfs };
}

function withCrfs(preset: FilmPreset, crfs: readonly number[]): FilmPreset {
  const { renditions } = preset.video;
  const [first, ...others] = renditions;
  const at = (rendition: typeof first, index: number) => ({ ...rendition, crf: crfs[index] ?? rendition.crf });
  return withRenditions(preset, [at(first, 0), ...others.map((rendition, index) => at(rendition, index + 1))]);
}
