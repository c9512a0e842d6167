import type { Argv } from "#worker/ffmpeg/argv.ts";
import { runToEnd, type Spawning } from "#worker/ffmpeg/run.ts";
import { type Grid, gridBytes, gridSide } from "./grid.ts";

/** Some pictures of one input. */
export type Request = {
  /** The options of the input, and the input. */
  input: readonly string[];
  /** The stream, as ffmpeg specifies it within an input. */
  stream: string;
  /** The filters that choose pictures of those that are decoded. */
  pick: string;
  /** The filters that make a grid of RGB of each, whatever its size; one list for each way to do so. */
  ways: readonly (readonly string[])[];
  /** Where in the input decoding begins, in seconds: ffmpeg counts from there. */
  fromSeconds?: number;
  /** Of what is shown before this moment the last picture alone is kept. Default: all are. */
  keptFrom?: number;
};

export type SampledFrame = {
  /** When it is shown, in seconds from the beginning of the input. */
  seconds: number;
  /** As decoded and turned upright; undefined when nobody says what shape its pixels have. */
  width: number;
  /** As decoded and turned upright, in pixels. */
  height: number;
  /** The width of a pixel divided by its height; undefined when nobody says. */
  sampleAspect: number | undefined;
  /** One by each way, in their order. */
  grids: readonly Grid[];
};

export type Asking = Spawning & {
  /** The files that it reads. */
  reads: readonly string[];
  /** The folder in which it starts. Default: this process's own. */
  cwd?: string;
};

/** Decodes pictures of several inputs in one process; undefined when ffmpeg cannot. */
export async function sampleFrames(
  requests: readonly Request[],
  asking: Asking,
): Promise<SampledFrame[][] | undefined> {
  const { signal, spawn, ...access } = asking;
  const ends = requests.map(({ ways }, at) => ways.map((_, way) => `[p${at}w${way}]`));
  const chains = requests.flatMap(({ stream, pick, ways }, at) => [
    `[${at}:${stream}]${pick},showinfo@sampled${at}=checksum=0,split=${ways.length}${ways.map((_, way) => `[s${at}w${way}]`).join("")}`,
    ...ways.map((filters, way) => `[s${at}w${way}]${[...filters, "setsar=1"].join(",")}${ends[at]?.[way]}`),
  ]);
  const joined = `${ends.flat().join("")}concat=n=${ends.flat().length}[all]`;
  const argv: Argv = [
    "ffmpeg",
    ...["-hide_banner", "-nostdin", "-nostats", "-v", "info"],
    // A few pictures gain nothing by threads, each of which holds pictures of its own and takes time to begin.
    ...["-filter_complex_threads", "1"],
    ...requests.flatMap(({ input }) => ["-threads", "1", ...input]),
    ...["-filter_complex", [...chains, joined].join(";"), "-map", "[all]"],
    ...["-fps_mode", "passthrough", "-f", "rawvideo", "-"],
  ];
  const described = makeDescriptions(requests);
  const { stdout, ended } = await runToEnd(spawn, { argv, signal, ...access, onLine: described.onLine });
  const found = described.found();
  const count = found.reduce((sum, pictures, at) => sum + pictures.length * (requests[at]?.ways.length ?? 0), 0);
  if (ended.exitCode !== 0 || stdout.length !== count * gridBytes) return undefined;
  const grids = withGrids(found, requests, stdout);
  return requests.map((request, at) => keptOf(grids[at] ?? [], request));
}

/** The grids come by requests, then by ways, then by pictures. */
function withGrids(found: readonly Described[][], requests: readonly Request[], bytes: Uint8Array): SampledFrame[][] {
  let before = 0;
  return found.map((pictures, at) => {
    const first = before;
    const ways = requests[at]?.ways.length ?? 0;
    before += pictures.length * ways;
    const gridAt = (place: number) => bytes.subarray(place * gridBytes, (place + 1) * gridBytes);
    return pictures.map((picture, index) => {
      const grids = Array.from({ length: ways }, (_, way) => gridAt(first + way * pictures.length + index));
      return { ...picture, grids };
    });
  });
}

const keptOf = (pictures: SampledFrame[], { keptFrom = Number.NEGATIVE_INFINITY }: Request): SampledFrame[] =>
  pictures.slice(
    Math.max(
      0,
      pictures.findLastIndex(({ seconds }) => seconds <= keptFrom),
    ),
  );

type Described = Omit<SampledFrame, "grids">;

const baseLine = /^\[showinfo@sampled(\d+) @ .*config in time_base: (\d+)\/(\d+)/;
const pictureLine = /^\[showinfo@sampled(\d+) @ .* pts: *(-?\d+) .* sar:(\d+)\/(\d+) s:(\d+)x(\d+)/;

/** What showinfo says of each picture that comes by (the same from 5.1 to 9). */
function makeDescriptions(requests: readonly Request[]) {
  const found = requests.map((): Described[] => []);
  const bases = requests.map(() => 0);
  return {
    onLine(line: string) {
      const [, changed, over, under] = baseLine.exec(line) ?? [];
      if (changed !== undefined) bases[Number(changed)] = Number(over) / Number(under);
      const [, index = -1, pts, ...numbers] = pictureLine.exec(line) ?? [];
      const [wide = 0, high = 0, width = 0, height = 0] = numbers.map(Number);
      found[Number(index)]?.push({
        seconds: Number(pts) * (bases[Number(index)] ?? 0) + (requests[Number(index)]?.fromSeconds ?? 0),
        ...{ width, height, sampleAspect: wide > 0 && high > 0 ? wide / high : undefined },
      });
    },
    found: () => found,
  };
}

/** How pictures become RGB. */
export type Conversion = {
  /** The field that is taken of them. Default: the whole picture. */
  field?: "top" | "bottom";
  /** The matrix by which the scale filter reads them. Default: that of their own tags. */
  matrix?: "bt601" | "bt709";
  /** What reads them instead of the scale filter. Default: nothing. */
  filters?: readonly string[];
  /** How much larger than the grid they are by then. Default: 1. */
  factor?: number;
};

const scaled = (side: number, matrix = "auto") =>
  `scale=w=${side}:h=${side}:flags=area+accurate_rnd+full_chroma_int:in_color_matrix=${matrix}`;

/** Makes a grid of all that `before` leaves of a picture, whatever its size. */
export const toGrid = (
  { field, matrix, filters = [], factor = 1 }: Conversion = {},
  before: readonly string[] = [],
): string[] => [
  ...(field ? [`field=${field}`] : []),
  ...before,
  scaled(gridSide * factor, matrix),
  ...filters,
  ...(factor > 1 ? [scaled(gridSide)] : []),
  "format=rgb24",
];
