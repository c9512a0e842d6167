import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "#shared/fault.ts";
import type { Metric } from "#shared/job/metric.ts";
import { type EncodeOptions, encode } from "#worker/ffmpeg/encode.ts";
import { inputCount } from "#worker/plan/film.ts";
import type { GraphSource } from "#worker/plan/graph.ts";
import { filterFor, scoresIn } from "./filters.ts";

/** Pictures that ffmpeg reads. */
export type Pictures = {
  /** The options of each input, and the input. Several are shown one after the other. */
  inputs: readonly (readonly string[])[];
  /** The stream, as ffmpeg specifies it within each input. */
  stream: string;
  /** How the pictures of several inputs, which are the first of all, become one film instead. */
  source?: GraphSource | undefined;
  /** What makes of what is decoded the pictures that are compared. */
  filters: readonly string[];
  /** Streams that are read as well, as `-map` names them where these inputs are the first. Default: none. */
  also?: readonly string[];
};

/** Two films that show the same pictures in the same size, the first with the first and so on. */
export type Compared = {
  metric: Metric;
  /** What was encoded. */
  distorted: Pictures;
  /** What it was made of. It may go on after what is compared. */
  reference: Pictures;
  /** How many pictures are compared: exactly so many the encoded film must have. */
  frames: number;
};

type Options = Omit<EncodeOptions, "onLine"> & {
  /** The folder in which ffmpeg runs: names of inputs begin there, and the scores are written to it and removed. */
  dir: string;
  /** Called up to four times a second with how many pictures are compared by then. */
  onFrames?: (frames: number) => unknown;
};

const scoresFile = "quality.csv";

/**
 * The score of each picture of an encoded film against its source. Pictures are paired by their number, because containers
 * round their times; a film that lacks some, at its end or anywhere, is a Fault and gets no scores.
 */
export async function scoreFrames(compared: Compared, { dir, onFrames, ...options }: Options): Promise<number[]> {
  const { metric, frames } = compared;
  const decoded = makeDecodedCount(inputCount(compared.reference.inputs.flat()));
  const path = join(dir, scoresFile);
  // ffmpeg says nothing by its exit code when it cannot write the scores: an older file must not be taken for them.
  await rm(path, { force: true });
  try {
    const args = argsFor(compared);
    for await (const tick of encode({ args, outputDir: dir }, { ...options, onLine: decoded.onLine }))
      await onFrames?.(tick.frame);
    const scores = scoresIn(metric, await readFile(path, "utf8").catch(() => ""));
    if (scores.length === frames && decoded.frames() === frames) return scores;
    throw new Fault("encode_failed", problem(scores.length, { decoded: decoded.frames(), frames }));
  } finally {
    await rm(path, { force: true });
  }
}

function problem(scored: number, { decoded, frames }: { decoded: number; frames: number }): string {
  if (scored === 0) return "ffmpeg gives no scores";
  return decoded === frames
    ? `the source has ${scored} pictures to compare with ${frames}`
    : `it shows ${decoded} of ${frames} pictures`;
}

function argsFor({ metric, distorted, reference, frames }: Compared): string[] {
  const first = inputCount(reference.inputs.flat());
  const graph = [
    chain(reference, { from: 0, frames, to: "reference" }),
    chain(distorted, { from: first, to: "distorted" }),
    // What was encoded comes first: the other way round the score is another one.
    `[distorted][reference]${filterFor(metric, scoresFile)}[scored]`,
  ];
  return [
    ...["-hide_banner", "-nostdin", "-y", "-v", "level+verbose"],
    ...[...reference.inputs, ...distorted.inputs].flat(),
    ...["-filter_complex", graph.join(";"), "-map", "[scored]", "-fps_mode", "passthrough", "-f", "null", "-"],
    ...(reference.also ?? []).flatMap((stream) => ["-map", stream, "-f", "null", "-"]),
  ];
}

type Place = { from: number; to: string; frames?: number };

/** Numbers pictures from zero, whatever their times are. */
function chain({ inputs, stream, source, filters }: Pictures, { from, to, frames }: Place): string {
  const film = source ?? {
    ...{ chains: [], from: inputs.map((_, at) => `${from + at}:${stream}`) },
    filters: inputs.length > 1 ? [`concat=n=${inputs.length}`] : [],
  };
  const all = [
    ...film.filters,
    ...filters,
    ...(frames === undefined ? [] : [`trim=end_frame=${frames}`]),
    ...["settb=AVTB", "setpts=N"],
  ];
  return [...film.chains, `[${film.from.join("][")}]${all.join(",")}[${to}]`].join(";");
}

const decodedLine = /Input stream #(\d+):\d+ \(video\): \d+ packets read .*?; (\d+) frames decoded/;

/** How many pictures ffmpeg says that it has decoded of the inputs from a number on. */
function makeDecodedCount(first: number) {
  let count = 0;
  return {
    onLine(line: string) {
      const [, input, frames] = decodedLine.exec(line) ?? [];
      if (Number(input) >= first) count += Number(frames);
    },
    frames: () => count,
  };
}
