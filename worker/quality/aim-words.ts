import type { Rendition } from "#worker/presets/fields.ts";
import type { Dropped } from "./adaptive-ladder.ts";
import type { Bounds, Found, Tried } from "./aim-search.ts";

export const noSample = "No sample of the source can be taken: the preset's own CRF is taken.";
export const tooSmall = "A picture below 32 pixels is too small for VMAF: the preset's own CRF is taken.";

const digits = (value: number) => value.toFixed(1);
const vmafAt = ({ crf, vmaf }: Tried) => `CRF ${crf} gives VMAF ${digits(vmaf)}`;

type Search = { tried: readonly Tried[]; bounds: Bounds; best: Rendition };

/** What a search has found, and how. */
export function foundWords(target: number, found: Found, { tried, bounds, best }: Search): string {
  const tries = `Of a sample of the film ${tried.map(vmafAt).join(", ")}.`;
  const lowest = Math.min(...tried.map(({ crf }) => crf));
  const limits = {
    least: `CRF ${found.crf} is the lowest that may be taken for the preset's ${bounds.start}: VMAF ${target} needs a lower one or a higher maximum bit rate than ${best.maxrate}.`,
    most: `CRF ${found.crf} is the highest that may be taken for the preset's ${bounds.start}, and gives more than VMAF ${target}.`,
    rate: `A CRF down to ${lowest} makes it no better: what limits it is the maximum bit rate of ${best.maxrate}.`,
    steps: `None of ${tried.length} tries came nearer to VMAF ${target}.`,
  };
  return found.limit ? `${tries} ${limits[found.limit]}` : `${tries} CRF ${found.crf} is taken.`;
}

export function droppedWords({ at, lower, gain }: Dropped, renditions: readonly Rendition[]): string {
  const size = (number: number) => `${renditions[number]?.size}p`;
  return `${size(at)} is left out: it gains ${digits(Math.max(0, gain))} VMAF over ${size(lower)}, less than 2.`;
}
