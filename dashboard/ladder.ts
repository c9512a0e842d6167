import type { Job } from "#client/client.ts";
import { bitrate, bytes, clock } from "./format.ts";
import { codecsInWords, joined, rangeName, rounded } from "./media-words.ts";
import type { Series } from "./shapes.ts";

type Outputs = NonNullable<Job["outputs"]>;
type Quality = NonNullable<Job["quality"]>;
type Rendition = Outputs["renditions"][number];

/** A rendition as the table of a job shows it: its name, what that is, and its figures in the order of `ladderColumns`. */
export type LadderRow = { name: string; path: string; cells: readonly string[] };

export const ladderColumns = (quality: Quality | undefined) => [
  ...["codec", "average", "peak", "size", "share"],
  ...(quality?.renditions.some(({ crf }) => crf !== undefined) ? ["CRF"] : []),
  ...(quality ? [quality.metric.toUpperCase()] : []),
];

/** What a player may choose of an output, with the share that each has of its bytes. */
export function ladderRows({ renditions, bytes: total }: Outputs, quality: Quality | undefined): LadderRow[] {
  return renditions.map((rendition) => ({
    name: nameOf(rendition),
    path: rendition.path,
    cells: [
      rendition.codecs === undefined ? "–" : codecsInWords(rendition.codecs),
      rate(rendition.average_bit_rate),
      rate(rendition.peak_bit_rate),
      bytes(rendition.bytes),
      total > 0 ? `${((100 * rendition.bytes) / total).toFixed(rendition.bytes * 10 < total ? 1 : 0)} %` : "–",
      ...(quality ? qualityCells(quality, rendition) : []),
    ],
  }));
}

const rate = (bitsPerSecond: number | undefined) => (bitsPerSecond === undefined ? "–" : bitrate(bitsPerSecond));

const kinds = { video: "Video", audio: "Sound", subtitles: "Subtitles", image: "Picture" } as const;

function nameOf({ kind, width, height, frame_rate, hdr, language }: Rendition): string {
  const size = width !== undefined && height !== undefined && `${width}×${height}`;
  return joined([
    kind === "video" && size ? size : kinds[kind],
    kind === "image" && size,
    kind === "video" && frame_rate !== undefined && `${rounded(frame_rate)} fps`,
    rangeName(hdr),
    language,
  ]);
}

function qualityCells({ metric, renditions }: Quality, { path }: Rendition): string[] {
  const found = renditions.find((measured) => measured.path === path);
  const crf = found?.crf === undefined ? "–" : rounded(found.crf);
  const mean = found?.mean === undefined ? "–" : score(metric, found.mean);
  return renditions.some((each) => each.crf !== undefined) ? [crf, mean] : [mean];
}

const score = (metric: Quality["metric"], value: number) => value.toFixed(metric === "ssim" ? 4 : 1);

/** What a chart over the time of a film is made of. */
export type FilmChart = OverTime & { figure: string; note: string; write(value: number): string };

type OverTime = { parts: string[]; ends: readonly [string, string]; series: Series[] };

const colours = ["c0", "c1", "c2", "c3", "c4", "c5"];

/** The bit rates of the renditions with pictures over time, or of the sounds alone; undefined where none is known. */
export function bitRateChart({ renditions, duration_seconds: seconds = 0 }: Outputs): FilmChart | undefined {
  const known = renditions.filter(({ bit_rates = [] }) => bit_rates.length > 0);
  const shown = known.some(({ kind }) => kind === "video") ? known.filter(({ kind }) => kind === "video") : known;
  const [best] = shown;
  if (!best) return undefined;
  const { parts, ...film } = overTime(
    shown.map((rendition) => ({ label: nameOf(rendition), values: rendition.bit_rates ?? [] })),
    seconds,
  );
  return {
    figure: rate(best.peak_bit_rate),
    note: `peak of the best; ${rate(best.average_bit_rate)} on average`,
    parts: parts.map((part, at) => joined([part, segmentsIn(best.segments, at, parts.length)])),
    ...film,
    write: bitrate,
  };
}

/** Which segments lie in a part of a film that is shown in `count` parts. */
function segmentsIn(segments: number | undefined, at: number, count: number): string {
  if (segments === undefined) return "";
  const first = Math.floor((at * segments) / count) + 1;
  const last = Math.max(first, Math.ceil(((at + 1) * segments) / count));
  return first === last ? `segment ${first} of ${segments}` : `segments ${first}–${last} of ${segments}`;
}

/** The scores of the renditions over time; undefined where none is known. */
export function qualityChart(
  quality: Quality,
  { renditions, duration_seconds: seconds = 0 }: Outputs,
): FilmChart | undefined {
  const { metric } = quality;
  const measured = quality.renditions.filter(({ scores = [] }) => scores.length > 0);
  const [best] = measured;
  if (!best) return undefined;
  const named = measured.map(({ path, scores = [] }) => {
    const rendition = renditions.find((each) => each.path === path);
    return { label: rendition ? nameOf(rendition) : path, values: scores };
  });
  const worst = best.worst && `lowest ${score(metric, best.worst.mean)} at ${clock(best.worst.start_seconds)}`;
  return {
    figure: best.mean === undefined ? "" : score(metric, best.mean),
    note: joined([worst, best.p1 !== undefined && `1 % of pictures below ${score(metric, best.p1)}`]),
    ...overTime(named, seconds),
    write: (value: number) => score(metric, value),
  };
}

type Values = { label: string; values: readonly number[] };

/** Values that each cover a film in equal parts, on the finest of their scales. */
function overTime(all: readonly Values[], seconds: number): OverTime {
  const count = Math.max(...all.map(({ values }) => values.length));
  const at = (part: number) => clock((seconds * part) / count);
  return {
    parts: Array.from({ length: count }, (_, part) => `${at(part)} – ${at(part + 1)}`),
    ends: [clock(0), clock(seconds)],
    series: all.slice(0, colours.length).map(({ label, values }, index) => ({
      label,
      colour: colours[index] ?? "",
      values: Array.from({ length: count }, (_, part) => values[Math.floor((part * values.length) / count)]),
    })),
  };
}
