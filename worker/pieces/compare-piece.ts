import { run, type Spawn } from "#worker/ffmpeg/run.ts";
import { wholePictures } from "#worker/plan/picture.ts";
import { type Piece, readFrom, streamIn } from "#worker/plan/pieces.ts";
import { perSecond } from "#worker/plan/rate.ts";
import { steadyFramesFrom } from "#worker/plan/timing.ts";
import { closest, type Grid } from "#worker/verify/pictures/grid.ts";
import { outputAllowlist } from "#worker/verify/pictures/outputs.ts";
import { type Request, type SampledFrame, sampleFrames, toGrid } from "#worker/verify/pictures/sample-frames.ts";
import type { SplitFilm } from "./encode-piece.ts";

type Comparing = { signal: AbortSignal; spawn?: Spawn | undefined };

/** By how much a picture and its encoded form differ at most, from 0 to 255, when both are made small. */
const mostDifference = 25;
/** Pictures of the piece before and behind the one that is looked for. */
const around = 1;

/**
 * Whether the renditions of a piece show at some moment what an encoder was given there. Nobody knows the moment before: it
 * tells pictures of something else, whatever else they say of themselves.
 */
export async function showsSource(
  { film, source, ...place }: SplitFilm,
  piece: Piece,
  files: readonly string[],
  { signal, spawn = run }: Comparing,
): Promise<boolean> {
  const at = piece.from + Math.floor(Math.random() * (piece.to - piece.from));
  const given: Request = {
    input: readFrom(film, source, place, { from: at, to: at + 1 }),
    stream: String(streamIn(place, film)),
    pick: [...wholePictures(film.video), ...steadyFramesFrom(film.rate, at, at + 1)].join(),
    // One rendition may be HDR and the next one not.
    ways: film.renditions.map(({ filters, over }) => toGrid({}, [...filters, ...over, "setpts=PTS-STARTPTS"])),
  };
  const asking = { signal, spawn, reads: [place.input] };
  const [expected = []] = (await sampleFrames([given], asking)) ?? [];
  // A source that cannot be decoded there is found where its pieces are encoded.
  if (expected.length === 0) return true;
  const from = Math.max(0, (at - piece.from - around - 0.5) / perSecond(film.rate));
  const made = files.map(
    (file): Request => ({
      input: [...outputAllowlist, "-ss", from.toFixed(6), "-i", file],
      stream: "v:0",
      pick: `trim=end_frame=${2 * around + 1}`,
      ways: [toGrid()],
    }),
  );
  const shown = await sampleFrames(made, { signal, spawn, reads: files });
  const gridsOf = (frames: readonly SampledFrame[], way: number) => frames.flatMap(({ grids }) => grids[way] ?? []);
  return shown?.every((frames, rendition) => isClose(gridsOf(expected, rendition), gridsOf(frames, 0))) ?? false;
}

const isClose = (ones: readonly Grid[], others: readonly Grid[]) =>
  (closest(ones, others)?.by ?? Number.POSITIVE_INFINITY) < mostDifference;
