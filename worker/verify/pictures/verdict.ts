import type { Comparison } from "./comparisons.ts";
import { closest, type Grid } from "./grid.ts";

/** A comparison, with the pictures of the output. */
export type Compared = Pick<Comparison, "name" | "seconds" | "source" | "mistaken" | "isPoster"> & {
  /** The pictures that the output shows around the moment. */
  shown: readonly Grid[];
};

/** The most by which a picture and its encoded form differ: small details are gone in both when they are compared. */
const mostDifference = 40;

/** Whether none of the pictures that an output shows is one of the source's. */
export const isOther = ({ source, shown }: Compared): boolean =>
  (closest(source, shown)?.by ?? Number.POSITIVE_INFINITY) > mostDifference;

/** By how much a mistake must come closer, from 0 to 255, and which share of the difference may then be left. */
const leastShift = 2;
const restOfShift = 0.6;

/** Whether what an output shows is closer to what a mistake makes of the source than to the source. */
export function isMistaken({ source, shown, mistaken }: Compared): boolean {
  const pair = closest(source, shown);
  const picture = pair && shown[pair.otherAt];
  if (!picture) return false;
  const best = Math.min(...mistaken.map((grids) => closest(grids, [picture])?.by ?? Number.POSITIVE_INFINITY));
  return pair.by - best > leastShift && best < pair.by * restOfShift;
}
