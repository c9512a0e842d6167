import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import { seekingIn } from "#worker/ffmpeg/seeking.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { OutputFile } from "../output-file.ts";
import { asShown, type Reading } from "./colour.ts";
import { fitted, type Grid, mistakes } from "./grid.ts";
import { type Film, filmsOf } from "./outputs.ts";
import { type Asking, type Request, type SampledFrame, sampleFrames } from "./sample-frames.ts";
import { keyframeAt, type Opened, picturesAround, shapesOf } from "./source.ts";
import { type Still, stillsOf } from "./stills.ts";

/** A picture of an output that is held against those of the source at the same moment. */
export type Comparison = {
  /** The file or the rendition, for people. */
  name: string;
  /** The moment in the output. */
  seconds: number;
  /** Takes the pictures that the output shows around the moment. */
  request: Request;
  /** The pictures of the source that it may be. */
  source: readonly Grid[];
  /** What these pictures would become by each mistake with colours that is known; empty where none is looked for. */
  mistaken: readonly (readonly Grid[])[];
  /** Which of some pictures of the source it may be, as they lie in the output's frame. */
  among(frames: readonly SampledFrame[]): readonly Grids[];
  /** Whether ffmpeg chose the moment. */
  isPoster: boolean;
};

type Grids = Pick<SampledFrame, "grid" | "others">;

type Known = {
  plan: Plan;
  files: readonly OutputFile[];
  report: EncodeReport;
  /** Where the output is. */
  dir: string;
  opened: Opened;
  reading: Reading;
};

/** The comparisons to make, each with the pictures that the source shows at its moment. */
export async function comparisonsFor(known: Known, asking: Asking): Promise<Comparison[]> {
  const { plan, opened, reading } = known;
  const conversion = asShown(reading);
  const films = filmsOf(plan, known.files, conversion);
  // The shape of a still is not compared where that of the source changes.
  const stills = opened.video.shapes ? [] : await stillsOf(plan, { ...known, conversion });
  const moments = films.length > 0 ? (plan.compared?.moments ?? []) : [];
  const wanted = [
    ...moments.map((seconds) => keyframeAt(seconds, opened)),
    ...stills.map(({ seconds }) => stillSource(seconds, opened)),
  ];
  const sources = await sourcesOf(wanted, opened, asking);
  if (sources.length === 0) return [];
  const keyframes = sources.slice(0, moments.length).map(([first]) => first);
  const shapes = await shapesOf(keyframes, moments, opened, asking);
  return [
    ...films.flatMap((film) =>
      keyframes.flatMap((picture, at) => comparisonWithFilm(film, picture, shapes[at], reading)),
    ),
    ...stills.flatMap((still, at) => comparisonWithStill(still, sources[moments.length + at], reading)),
  ];
}

// One picture of 1080p, whose decoder takes little memory.
const mostPixels = 1_920 * 1_088;

/** The pictures of a source that requests take; of large ones no more than one decoder is open at a time. */
async function sourcesOf(
  requests: readonly Request[],
  { video: { width, height } }: Opened,
  asking: Asking,
): Promise<SampledFrame[][]> {
  if (requests.length === 0) return [];
  if (width * height <= mostPixels) return (await sampleFrames(requests, asking)) ?? [];
  const sources: SampledFrame[][] = [];
  for (const request of requests) sources.push((await sampleFrames([request], asking))?.[0] ?? []);
  return sources;
}

function comparisonWithFilm(
  film: Film,
  picture: SampledFrame | undefined,
  shape: number | undefined,
  reading: Reading,
): Comparison[] {
  const request = picture && film.at(picture.seconds);
  if (!picture || shape === undefined || !request) return [];
  const { seconds } = picture;
  const byDistance = (one: SampledFrame, other: SampledFrame) =>
    Math.abs(one.seconds - seconds) - Math.abs(other.seconds - seconds);
  const inFrame = (grid: Grid) => fitted(grid, shape / film.shape);
  const among = (frames: readonly SampledFrame[]) =>
    frames
      .toSorted(byDistance)
      .slice(0, 1)
      .map(({ grid, others }) => ({ grid: inFrame(grid), others: others.map(inFrame) }));
  return [{ name: film.name, seconds, request, among, isPoster: false, ...sourceIn(among([picture]), reading) }];
}

const comparisonWithStill = (still: Still, frames: readonly SampledFrame[] = [], reading: Reading): Comparison[] =>
  frames.length === 0 ? [] : [{ ...still, among: (others) => others, ...sourceIn(frames, reading) }];

function sourceIn(pictures: readonly Grids[], { sees, ways }: Reading): Pick<Comparison, "source" | "mistaken"> {
  const source = pictures.map(({ grid }) => grid);
  if (sees === "light") return { source, mistaken: [] };
  const [, ...others] = ways;
  const mistaken =
    others.length > 0
      ? others.map((_, at) => pictures.flatMap((picture) => picture.others[at] ?? []))
      : mistakes.map((mistake) => source.map(mistake));
  return { source, mistaken };
}

/** What a still is made of: a keyframe, which is found at once, or what is decoded around its moment. */
function stillSource(seconds: number, opened: Opened): Request {
  const isKeyframe = opened.video.packets?.keyframes.some((one) => Math.abs(one - seconds) < sameMoment);
  const isFound = isKeyframe && seekingIn(opened.source.format) !== "none";
  return isFound ? keyframeAt(seconds, opened) : picturesAround(seconds, opened);
}

const sameMoment = 0.02;
