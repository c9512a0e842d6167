import { coverOf, type DrawnText, drawText } from "#worker/burn/draw-text.ts";
import type { Argv } from "#worker/ffmpeg/argv.ts";
import { runToEnd } from "#worker/ffmpeg/run.ts";
import type { Plan } from "#worker/plan/plan.ts";
import type { OutputFile } from "../output-file.ts";
import { gridSide, type Part } from "./grid.ts";
import { type Film, filmsOf, picturesShown } from "./outputs.ts";
import type { Asking } from "./sample-frames.ts";

type Burned = NonNullable<NonNullable<Plan["compared"]>["burned"]>;
type Size = { width: number; height: number };

/** The long side that pictures are brought to before they are compared: letters are still letters. */
const longSide = 640;
/** Of less than this a pixel tells more of the picture than of the text. */
const leastCover = 0.5;
/** Of fewer pixels a text cannot be told from a picture. */
const leastPixels = 24;
/** How far pixels are from what they may be where a text lies over anything; without the text it is twice this and more. */
const mostDistance = 45;

/** Why the text is not in the pictures of an output; undefined where it is, or nobody can tell. */
export async function textProblem(
  plan: Plan,
  files: readonly OutputFile[],
  asking: Asking,
): Promise<{ name: string; problem: string } | undefined> {
  const { burned, covered = [] } = plan.compared ?? {};
  if (!burned) return undefined;
  for (const film of filmsOf(plan, files)) {
    const seconds = await missingAt(film, burned, covered, asking);
    if (seconds !== undefined)
      return { name: film.name, problem: `its picture at ${seconds.toFixed(2)} s does not show the subtitles` };
  }
  return undefined;
}

async function missingAt(film: Film, burned: Burned, covered: readonly Part[], asking: Asking) {
  const scaled = within(film.size);
  const { moments } = burned;
  const text = { script: burned.scripts[film.isHdr ? "hdr" : "film"], size: film.size, scaled, moments };
  const drawn = moments.length > 0 ? await drawText(text, asking) : [];
  if (!drawn) return moments[0];
  for (const [at, one] of drawn.entries()) {
    const seconds = moments[at] ?? 0;
    const request = film.at(seconds);
    const shown = request ? await lumaOf(request, scaled, asking) : [];
    const visible = coverOf(one).map((cover, pixel) => (isIn(covered, pixel, scaled) ? 0 : cover));
    const distances = shown.flatMap((luma) => distanceFrom(one, visible, luma) ?? []);
    if (distances.length > 0 && Math.min(...distances) > mostDistance) return seconds;
  }
  return undefined;
}

/** How far a picture is, on average, from all that it may be where a text covers it; undefined where that is too little. */
export function distanceFrom({ overBlack, overWhite }: DrawnText, visible: readonly number[], luma: Uint8Array) {
  let sum = 0;
  let pixels = 0;
  for (const [at, cover] of visible.entries()) {
    if (cover < leastCover) continue;
    const value = luma[at] ?? 0;
    sum += Math.max(0, (overBlack[at] ?? 0) - value, value - (overWhite[at] ?? 0));
    pixels += 1;
  }
  return pixels < leastPixels ? undefined : sum / pixels;
}

function isIn(parts: readonly Part[], pixel: number, { width, height }: Size) {
  const [x, y] = [(pixel % width) / width, Math.floor(pixel / width) / height];
  return parts.some((part) => x >= part.x && x < part.x + part.width && y >= part.y && y < part.y + part.height);
}

function within({ width, height }: Size): Size {
  const factor = Math.min(1, longSide / Math.max(width, height));
  const even = (side: number) => Math.max(2, 2 * Math.round((side * factor) / 2));
  return { width: even(width), height: even(height) };
}

/** The luma of the pictures that a film shows around a moment; none where ffmpeg cannot read them. */
async function lumaOf({ input, stream, pick }: NonNullable<ReturnType<Film["at"]>>, size: Size, asking: Asking) {
  const argv: Argv = [
    ...(["ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-v", "error", "-threads", "1"] as const),
    ...[...input, "-map", `0:${stream}`],
    ...["-vf", `${pick},scale=${size.width}:${size.height}:flags=area,format=yuv420p,extractplanes=y`],
    ...["-fps_mode", "passthrough", "-pix_fmt", "gray", "-f", "rawvideo", "-"],
  ];
  const { signal, spawn, ...access } = asking;
  const { stdout } = await runToEnd(spawn, { argv, signal, ...access });
  const bytes = size.width * size.height;
  const count = Math.min(picturesShown, Math.floor(stdout.length / bytes));
  return Array.from({ length: count }, (_, at) => stdout.subarray(at * bytes, (at + 1) * bytes));
}

/** So long before and after a moment a text may begin or end that is in a picture which is held against the source. */
const aroundSeconds = 0.25;

/** The cells of a grid in which a text is drawn around each of these moments, and those beside them. */
export async function textCells(
  burned: Burned,
  moments: readonly number[],
  asking: Asking,
): Promise<ReadonlySet<number>[]> {
  const around = moments.flatMap((seconds) => [seconds - aroundSeconds, seconds, seconds + aroundSeconds]);
  const sorted = [...new Set(around.map((seconds) => Math.max(0, Math.round(seconds * 1_000) / 1_000)))].toSorted(
    (a, b) => a - b,
  );
  if (sorted.length === 0) return [];
  const scaled = { width: gridSide, height: gridSide };
  const drawing = { script: burned.scripts.film, size: burned.size, scaled, moments: sorted };
  const drawn = (await drawText(drawing, asking)) ?? [];
  return moments.map((seconds) => {
    const near = drawn.filter((_, at) => Math.abs((sorted[at] ?? 0) - seconds) < aroundSeconds + 0.01);
    return new Set(
      near.flatMap((one) => coverOf(one).flatMap((cover, cell) => (cover > 0.02 ? withBeside(cell) : []))),
    );
  });
}

/** Filters and encoders spread what is in a cell into those beside it. */
function withBeside(cell: number): number[] {
  const [column, row] = [cell % gridSide, Math.floor(cell / gridSide)];
  const near = (at: number) => [at - 1, at, at + 1].filter((one) => one >= 0 && one < gridSide);
  return near(row).flatMap((y) => near(column).map((x) => y * gridSide + x));
}
