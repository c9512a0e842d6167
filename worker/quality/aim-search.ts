/** An encode of the sample: its CRF, and the mean VMAF that it has. */
export type Tried = { crf: number; vmaf: number };

/** Between which CRFs a target is looked for, in the preset's codec. */
export type Bounds = {
  /** The preset's own CRF, with which the search begins. */
  start: number;
  /** The lowest, which gives the best picture. */
  least: number;
  /** The highest. */
  most: number;
  /** From one CRF to the next that the encoder tells apart. */
  step: number;
};

/** So near to the target the search ends. */
const tolerance = 0.5;
/** So near it ends once two tries make a line: along it the rest is found as well as by a third try, which costs as much. */
const toleranceOnLine = 1;
/** A line is followed beyond its tries for so many times their distance. */
const followed = 2;
export const mostTries = 3;
/** How far from a preset's CRF the search may go. */
const reach = 6;

/** Roughly what a CRF more costs where pictures have this VMAF: the better they are, the less. */
const usualSlope = (vmaf: number) => -(0.35 + 0.1 * Math.max(0, 98 - vmaf));
/** Less than this for each CRF is no gain: something else than the CRF limits the picture. */
const flatSlope = -0.1;

/** The bounds around a preset's CRF, within what its encoder knows. */
export const boundsAround = (crf: number, encoder: { most: number; step: number }): Bounds => ({
  start: crf,
  least: Math.max(0, crf - reach),
  most: Math.min(encoder.most, crf + reach),
  step: encoder.step,
});

/** The CRF to try next; undefined when the search is over. */
export function nextCrf(target: number, bounds: Bounds, tried: readonly Tried[]): number | undefined {
  if (tried.length === 0) return bounds.start;
  if (tried.length >= mostTries || tried.some(({ vmaf }) => isNear(vmaf, target))) return undefined;
  if (limited(target, tried) || isOnLine(target, bounds, tried)) return undefined;
  const crf = estimate(target, bounds, tried);
  return tried.some((one) => Math.abs(one.crf - crf) < bounds.step / 2) ? undefined : crf;
}

const isNear = (vmaf: number, target: number) => Math.abs(vmaf - target) <= tolerance;

/** Where the target lies on the line through the two tries that `nearest` names, in steps of the encoder. */
function estimate(target: number, { least, most, step }: Bounds, tried: readonly Tried[], slope = slopeBy): number {
  const [near, other] = nearest(target, tried);
  if (!near) return least;
  const crf = Math.min(most, Math.max(least, near.crf + (target - near.vmaf) / slope(target, near, other)));
  return rounded(Math.round(crf / step) * step);
}

const slopeBy = (target: number, near: Tried, other: Tried | undefined) =>
  other ? Math.min(flatSlope, slopeOf(near, other)) : usualSlope((near.vmaf + target) / 2);

/** For what is not tried any more: beyond two tries a film is as much like others as like the line through them. */
function cautiousSlope(target: number, near: Tried, other: Tried | undefined): number {
  const slope = slopeBy(target, near, other);
  const isBetween = other && near.vmaf > target !== other.vmaf > target;
  return isBetween ? slope : -Math.sqrt(slope * usualSlope((near.vmaf + target) / 2));
}

const slopeOf = (one: Tried, other: Tried) => (one.vmaf - other.vmaf) / (one.crf - other.crf);

/** Whether the line through the nearest tries leads to the target, near by and within the bounds. */
function isOnLine(target: number, { least, most }: Bounds, tried: readonly Tried[]): boolean {
  const [near, other] = nearest(target, tried);
  if (!near || !other || Math.abs(near.vmaf - target) > toleranceOnLine) return false;
  const away = (target - near.vmaf) / cautiousSlope(target, near, other);
  const isInBounds = near.crf + away >= least && near.crf + away <= most;
  return isInBounds && Math.abs(away) <= followed * Math.abs(near.crf - other.crf);
}

/** The try nearest to the target, and the nearest on its other side; where all lie on one side, the second nearest. */
function nearest(target: number, tried: readonly Tried[]): readonly Tried[] {
  const [near, ...others] = byDistance(target, tried);
  if (!near) return [];
  const other = others.find(({ vmaf }) => vmaf > target !== near.vmaf > target) ?? others[0];
  return other ? [near, other] : [near];
}

/** Of those that are as near the one with the higher CRF comes first: the lower one would cost and give nothing. */
const byDistance = (target: number, tried: readonly Tried[]) =>
  tried.toSorted((a, b) => Math.abs(a.vmaf - target) - Math.abs(b.vmaf - target) || b.crf - a.crf);

// Steps of a tenth are no exact fractions.
const rounded = (crf: number) => Math.round(crf * 1_000) / 1_000;

/** Whether a lower CRF did not make a picture better that was not good enough. */
function limited(target: number, tried: readonly Tried[]): boolean {
  const [best, other] = tried.toSorted((a, b) => a.crf - b.crf);
  return best !== undefined && other !== undefined && best.vmaf < target && slopeOf(best, other) > flatSlope;
}

/** What the search comes to. */
export type Found = {
  /** The CRF to encode with. */
  crf: number;
  /** The mean VMAF that it is expected to give. */
  vmaf: number;
  /** Whether that is the target, or more. */
  isReached: boolean;
  /** What kept it from the target; undefined where it is near. */
  limit?: "least" | "most" | "rate" | "steps";
};

/** The best of what was tried, or what lies beside it or between two tries. */
export function foundBy(target: number, bounds: Bounds, tried: readonly Tried[]): Found {
  const [near, other] = nearest(target, tried);
  if (!near) return { crf: bounds.start, vmaf: target, isReached: false };
  const isCrossed = other !== undefined && isAcross(target, near, other);
  if (isNear(near.vmaf, target) || isCrossed || isOnLine(target, bounds, tried))
    return between(target, bounds, tried, near);
  // Scores that the CRF does not change differ by chance, so that the nearest need not have the highest CRF.
  const enough = tried.filter(({ vmaf }) => vmaf > target).toSorted((a, b) => b.crf - a.crf)[0];
  if (enough) return { ...enough, isReached: true, limit: enough.crf >= bounds.most ? "most" : "steps" };
  if (limited(target, tried)) return { ...cheapest(tried), isReached: false, limit: "rate" };
  return { ...near, isReached: false, limit: near.crf <= bounds.least ? "least" : "steps" };
}

/** Whether the target lies between two tries, the better of which has the lower CRF. */
const isAcross = (target: number, one: Tried, other: Tried) =>
  one.vmaf > target !== other.vmaf > target && slopeOf(one, other) < 0;

/** What the line through the nearest tries gives where it meets the target. */
function between(target: number, bounds: Bounds, tried: readonly Tried[], near: Tried): Found {
  const slope = cautiousSlope(target, near, nearest(target, tried)[1]);
  const at = (crf: number) => ({ crf, vmaf: near.vmaf + (crf - near.crf) * slope, isReached: true });
  const found = at(estimate(target, bounds, tried, cautiousSlope));
  // Where steps are large, the nearest one may lie too far below the target.
  return found.vmaf < target - tolerance ? at(Math.max(bounds.least, rounded(found.crf - bounds.step))) : found;
}

/** Of tries that are as good as the best, the one with the highest CRF: a lower one would cost and give nothing. */
function cheapest(tried: readonly Tried[]): Tried {
  const best = Math.max(...tried.map(({ vmaf }) => vmaf));
  const alike = tried.filter(({ vmaf }) => vmaf > best - tolerance / 2);
  return alike.reduce((one, other) => (other.crf > one.crf ? other : one));
}
