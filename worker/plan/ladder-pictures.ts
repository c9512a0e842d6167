import type { Probe } from "#worker/ffmpeg/media.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";
import { crfIn, leastSideOf, videoArgs } from "./encoders.ts";
import type { Film } from "./film.ts";
import { filmTarget } from "./hdr.ts";
import { referenceInput } from "./joined-graph.ts";
import type { Ladder, Rung } from "./ladder.ts";
import { laidOver, resized, sizeOf, wholePictures } from "./picture.ts";
import type { Place } from "./plan.ts";
import { readAlong, soundInputs } from "./prepared-sound.ts";
import { perSecond } from "./rate.ts";
import type { Reference } from "./reference.ts";
import { steadyFrames } from "./timing.ts";

/** The encoder of a rung and its options, as stream number `at` of an output or as its only one. */
export const rungEncoder = (
  { video }: SegmentedPreset,
  { gopFrames }: Ladder,
  { rendition, level, hdr }: Rung,
  at?: number,
) => videoArgs(video, { rendition, speed: video.speed, gopFrames, level, hdr }, at);

/** How the rungs are encoded, for an encode of a part of them. */
export const ladderFilm = (preset: SegmentedPreset, ladder: Ladder): Film => ({
  ...{ rate: ladder.rate, frames: ladder.frames, video: ladder.video, unitFrames: ladder.segmentFrames },
  gopFrames: ladder.gopFrames,
  renditions: ladder.rungs.map((rung) => ({
    filters: resized(ladder.video, rung.size, lookOfRung(preset, ladder, rung)),
    over: laidOver(ladder.video, rung.size, lookOfRung(preset, ladder, rung)),
    encoder: rungEncoder(preset, ladder, rung),
    bufsize: rung.rendition.bufsize,
  })),
});

/** How the pictures of a ladder are shaped. */
export const lookOf = (preset: SegmentedPreset, ladder: Ladder) => ({
  ...shapeOf(preset, ladder),
  ...barsOf(preset, ladder),
});

// A rung with bars has the shape of the others: players choose one or the other for the same window.
const barsOf = ({ video }: SegmentedPreset, { rungs: [best] }: Ladder) => ({
  leastSide: leastSideOf(video),
  ...(best && { ratio: best.width / best.height }),
});

const lookOfRung = (preset: SegmentedPreset, ladder: Ladder, { hdr }: Rung) =>
  ({ ...lookOf(preset, ladder), target: filmTarget(hdr) }) as const;

/**
 * What makes the pictures of a rung. The rate comes late: what is repeated over a pause is until then one picture, and not as
 * many as there are frames.
 */
export const rungFilters = (preset: SegmentedPreset, ladder: Ladder, rung: Rung): string[] => [
  ...resized(ladder.video, rung.size, lookOfRung(preset, ladder, rung)),
  ...steadyFrames(ladder),
  ...laidOver(ladder.video, rung.size, lookOfRung(preset, ladder, rung)),
];

/** What the encoders of the rungs are given. */
export function ladderReference(preset: SegmentedPreset, probe: Probe, ladder: Ladder, place: Place): Reference {
  const { video, rungs, audio } = ladder;
  return {
    ...referenceInput(place.input, probe),
    stream: video.index,
    also: readAlong(audio, soundInputs(preset.audio, audio, { probe, place })),
    framesPerSecond: perSecond(ladder.rate),
    renditions: rungs.map((rung) => ({
      filters: [...wholePictures(video), ...rungFilters(preset, ladder, rung)],
      ...sizeOf(video, rung.size, lookOf(preset, ladder)),
      ...crfIn(rung.rendition),
      hdr: rung.hdr,
    })),
  };
}

// The dash muxer takes renditions of one shape only, and 852x480 is not quite that of 1280x720.
function shapeOf({ output_type }: SegmentedPreset, { rungs: [best] }: Ladder) {
  return output_type === "hls" || !best ? {} : { shape: `${best.width}/${best.height}` };
}
