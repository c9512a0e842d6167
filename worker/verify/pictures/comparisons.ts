import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { OutputFile } from "../output-file.ts";
import type { Asked } from "./asked.ts";
import type { Reading } from "./colour.ts";
import { textCells } from "./drawn-text.ts";
import { fitted, type Grid, hidden, mistakes, without } from "./grid.ts";
import { filmAt, isInOutput, type Moment, picturesAt, stillAt } from "./moments.ts";
import { type Film, filmsOf } from "./outputs.ts";
import { picturesOf } from "./pictures-of.ts";
import type { Asking, SampledFrame } from "./sample-frames.ts";
import { type Opened, sameMoment, shapesOf } from "./source.ts";
import { type Still, stillsOf } from "./stills.ts";

/** A picture of an output that is held against those of the source at the same moment. */
export type Comparison = Still & {
  /** The pictures of the source that it may be. */
  source: readonly Grid[];
  /** What these pictures would become by each mistake with colours that is known; empty where none is looked for. */
  mistaken: readonly (readonly Grid[])[];
  /** What the output may show of other frames of the source around the moment. */
  sourceIn(frames: readonly SampledFrame[]): readonly Grid[];
};

export type Sampled = Comparison & {
  /** The pictures that the output shows around the moment. */
  shown: readonly Grid[];
};

/** An output, and what is known of how it was made. */
export type Encoded = { plan: Plan; files: readonly OutputFile[]; report: EncodeReport };

/** A part of an output that is made of a source of its own, in seconds. */
export type OutputPart = { startSeconds: number; endSeconds: number };

/** The comparisons to make, each with the pictures that source and output show at its moment. */
export async function comparisonsFor(
  { plan, files, report, part }: Encoded & { part?: OutputPart | undefined },
  opened: Opened,
  reading: Reading,
  asking: Asking,
): Promise<Sampled[]> {
  const { asked } = opened;
  const films = filmsOf(plan, files).map((film) => (part ? filmOfPart(film, part) : film));
  // The shape of a still is not compared where that of the source changes.
  const all = opened.video.shapes ? [] : await stillsOf(plan, report);
  const stills = part ? ofPart(all, part).map((still) => ({ ...still, isPoster: false })) : all;
  const known = (plan.compared?.moments ?? []).map((seconds) => ({ seconds }));
  const moments = films.length > 0 ? (part ? ofPart(known, part) : known).map(({ seconds }) => seconds) : [];
  const wanted: Moment[] = [
    ...moments.map((seconds) => filmAt(seconds, opened)),
    ...stills.map(({ seconds }) => stillAt(seconds, opened)),
  ];
  const expected = [
    ...films.flatMap((film) => moments.flatMap((seconds) => film.at(seconds) ?? [])),
    ...stills.map(({ request }) => request),
  ];
  const requests = wanted.map(({ request }) => request);
  const { sources: found, shownBy } = await picturesOf(requests, expected, opened, asking);
  if (found.length === 0) return [];
  const sources = await picturesAt(wanted, found, opened, asking);
  const keyframes = moments.map((moment, at) =>
    nearest(
      (sources[at] ?? []).filter(({ seconds }) => isInOutput(seconds, opened)),
      moment,
    ),
  );
  const shapes = await shapesOf(keyframes, moments, opened, asking);
  const ofFilms = films.flatMap((film) =>
    keyframes.flatMap((picture, at) => comparisonWithFilm(film, picture, shapes[at], { reading, asked })),
  );
  const comparisons = [
    ...ofFilms,
    ...stills.flatMap((still, at) => comparisonWithStill(still, sources[moments.length + at], { reading, asked })),
  ];
  const shown = await shownBy(comparisons.map(({ request }) => request));
  const { burned, covered = [] } = plan.compared ?? {};
  const texts = burned
    ? await textCells(
        burned,
        ofFilms.map(({ seconds }) => seconds),
        asking,
      )
    : [];
  return comparisons.map((comparison, at) => {
    const cells = texts[at] ?? new Set();
    const hide = (grids: readonly Grid[]) => grids.map((grid) => without(hidden(grid, covered), cells));
    return {
      ...comparison,
      source: hide(comparison.source),
      sourceIn: (frames) => hide(comparison.sourceIn(frames)),
      mistaken: comparison.mistaken.map(hide),
      shown: hide(gridsOf(shown[at])),
    };
  });
}

/** What of an output is in one part of it, by the clock of that part. */
const ofPart = <T extends { seconds: number }>(all: readonly T[], { startSeconds, endSeconds }: OutputPart): T[] =>
  all
    .filter(({ seconds }) => seconds > startSeconds - sameMoment && seconds < endSeconds - sameMoment)
    .map((one) => ({ ...one, seconds: Math.max(0, one.seconds - startSeconds) }));

const filmOfPart = (film: Film, { startSeconds }: OutputPart): Film => ({
  ...film,
  at: (seconds) => film.at(startSeconds + seconds),
});

function nearest(frames: readonly SampledFrame[], moment = 0): SampledFrame | undefined {
  const distance = ({ seconds }: SampledFrame) => Math.abs(seconds - moment);
  const [first] = frames.toSorted((one, other) => distance(one) - distance(other));
  return first && atMoment(first, moment);
}

const gridsOf = (frames: readonly SampledFrame[] = []) => frames.flatMap(({ grids }) => grids);

/** A picture whose moment was known to a tick of a clock: an output is looked at there, whatever the reader's rounding. */
const atMoment = (picture: SampledFrame, moment = Number.NaN): SampledFrame =>
  Math.abs(picture.seconds - moment) < sameMoment / 4 ? { ...picture, seconds: moment } : picture;

type Expectation = { reading: Reading; asked?: Asked | undefined };

function comparisonWithFilm(
  film: Film,
  picture: SampledFrame | undefined,
  shape: number | undefined,
  { reading, asked }: Expectation,
): Comparison[] {
  const request = picture && film.at(picture.seconds);
  if (!picture || shape === undefined || !request) return [];
  const { seconds } = picture;
  const inFrame = (grid: Grid) => (asked?.inFrame ?? fitted)(grid, shape / film.shape);
  // Of several pictures within one tick of the output's rate the last one is shown.
  const isShown = (frame: SampledFrame) =>
    frame.seconds > seconds - sameMoment / 2 && frame.seconds < seconds + film.tickSeconds + sameMoment / 2;
  const sourceIn = (frames: readonly SampledFrame[]) => rightIn(frames.filter(isShown), reading).map(inFrame);
  const mistaken = mistakenIn([picture], reading).map((grids) => grids.map(inFrame));
  return [{ name: film.name, seconds, request, isPoster: false, sourceIn, source: sourceIn([picture]), mistaken }];
}

function comparisonWithStill(
  still: Still,
  frames: readonly SampledFrame[] = [],
  { reading, asked }: Expectation,
): Comparison[] {
  const [first] = frames;
  if (!first) return [];
  // Its pixels are square: its own shape is that of what it shows, unless a frame is asked for.
  const shape = asked?.frameShape && asked.shapeOf((first.width * (first.sampleAspect ?? 1)) / first.height);
  const inFrame = (grid: Grid) => (asked?.frameShape && shape ? asked.inFrame(grid, shape / asked.frameShape) : grid);
  const sourceIn = (others: readonly SampledFrame[]) => rightIn(others, reading).map(inFrame);
  const mistaken = mistakenIn(frames, reading).map((grids) => grids.map(inFrame));
  return [{ ...still, sourceIn, source: sourceIn(frames), mistaken }];
}

const rightIn = (frames: readonly SampledFrame[], { right }: Reading): Grid[] =>
  frames.flatMap(({ grids }) => grids.slice(0, right.length));

function mistakenIn(frames: readonly SampledFrame[], reading: Reading): Grid[][] {
  if (!reading.judgesColours) return [];
  if (reading.wrong.length > 0)
    return reading.wrong.map((_, at) => frames.flatMap(({ grids }) => grids[reading.right.length + at] ?? []));
  const source = rightIn(frames, reading);
  return mistakes.map((mistake) => source.map(mistake));
}
