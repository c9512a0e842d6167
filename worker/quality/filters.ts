import { availableParallelism } from "node:os";
import type { Metric } from "#shared/job/metric.ts";

/** The model by which VMAF scores: the one for televisions in HD, whatever size the rendition has. */
export const vmafModel = "vmaf_v0.6.1";

// Each thread holds pictures of its own.
const mostThreads = 4;

/** The filter that scores its first input by its second, and writes the score of each picture to a file. */
export const filterFor = (metric: Metric, file: string): string =>
  ({
    vmaf: `libvmaf=model=version=${vmafModel}:n_threads=${Math.min(mostThreads, availableParallelism())}:log_fmt=csv:log_path=${file}:shortest=1`,
    ssim: `ssim=stats_file=${file}:shortest=1`,
  })[metric];

/** The scores in such a file, in the order of the pictures. */
export const scoresIn = (metric: Metric, text: string): number[] => readers[metric](text);

const readers: Readonly<Record<Metric, (text: string) => number[]>> = {
  vmaf(text) {
    const [header = "", ...rows] = text.split("\n").filter(Boolean);
    const column = header.split(",").indexOf("vmaf");
    return column < 0 ? [] : rows.map((row) => Number(row.split(",")[column]));
  },
  ssim: (text) => [...text.matchAll(/ All:(\S+)/g)].map(([, score]) => Number(score)),
};
