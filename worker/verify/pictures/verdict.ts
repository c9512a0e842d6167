import type { Comparison } from "./comparisons.ts";
import { closest, difference, type Grid } from "./grid.ts";

/** A comparison, with the pictures of the output. */
export type Compared = Pick<Comparison, "name" | "seconds" | "source" | "mistaken" | "isPoster"> & {
  /** The pictures that the output shows around the moment. */
  shown: readonly Grid[];
};

/** The most by which a picture and its encoded form differ: small details are gone in both when they are compared. */
const mostDifference = 32;

/** Whether none of the pictures that an output shows is one of the source's. */
export const isOther = ({ source, shown }: Compared): boolean =>
  (closest(source, shown)?.by ?? Number.POSITIVE_INFINITY) > mostDifference;

/** By how much a mistake must come closer, from 0 to 255, and which share of the difference may then be left. */
const leastShift = 2;
const restOfShift = 0.6;

/** Whether the pictures of an output are closer to what a mistake makes of the source than to the source. */
export function isMistaken(comparisons: readonly Compared[]): boolean {
  const pairs = comparisons.flatMap(({ source, shown, mistaken }) => {
    const pair = closest(source, shown);
    return pair ? [{ ...pair, shown: shown[pair.otherAt], mistaken: mistaken.map((grids) => grids[pair.at]) }] : [];
  });
  const own = mean(pairs.map(({ by }) => by));
  const others = (pairs[0]?.mistaken ?? []).map((_, at) =>
    mean(pairs.map(({ shown, mistaken }) => differenceIfAny(mistaken[at], shown))),
  );
  const best = Math.min(...others);
  return own - best > leastShift && best < own * restOfShift;
}

const differenceIfAny = (one: Grid | undefined, other: Grid | undefined) =>
  one && other ? difference(one, other) : Number.POSITIVE_INFINITY;

/** The root of the mean of squares. */
const mean = (values: readonly number[]) => Math.sqrt(values.reduce((sum, by) => sum + by ** 2, 0) / values.length);
