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
  if (limited(target, tried)) return undefined;
  const crf = estimate(target, bounds, tried);
  return tried.some((one) => Math.abs(one.crf - crf) < bounds.step / 2) ? undefined : crf;
}

const isNear = (vmaf: number, target: number) => Math.abs(vmaf - target) <= tolerance;

/** Where the target lies on the line through the two tries nearest to it, in steps of the encoder. */
function estimate(target: number, { least, most, step }: Bounds, tried: readonly Tried[]): number {
  const [near, other] = byDistance(target, tried);
  if (!near) return least;
  const crf = Math.min(most, Math.max(least, near.crf + (target - near.vmaf) / slopeBy(target, near, other)));
  return rounded(Math.round(crf / step) * step);
}

const slopeBy = (target: number, near: Tried, other: Tried | undefined) =>
  other ? Math.min(flatSlope, slopeOf(near, other)) : usualSlope((near.vmaf + target) / 2);

const slopeOf = (one: Tried, other: Tried) => (one.vmaf - other.vmaf) / (one.crf - other.crf);

const byDistance = (target: number, tried: readonly Tried[]) =>
  tried.toSorted((a, b) => Math.abs(a.vmaf - target) - Math.abs(b.vmaf - target));

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
  const [near, other] = byDistance(target, tried);
  if (!near) return { crf: bounds.start, vmaf: target, isReached: false };
  const isBetter = near.vmaf > target;
  if (isNear(near.vmaf, target) || (other && isBetter !== other.vmaf > target)) {
    const crf = estimate(target, bounds, tried);
    return { crf, vmaf: near.vmaf + (crf - near.crf) * slopeBy(target, near, other), isReached: true };
  }
  if (limited(target, tried)) return { ...cheapest(tried), isReached: false, limit: "rate" };
  const isAtBound = isBetter ? near.crf >= bounds.most : near.crf <= bounds.least;
  if (isAtBound) return { ...near, isReached: isBetter, limit: isBetter ? "most" : "least" };
  return { ...near, isReached: isBetter, limit: "steps" };
}

/** Of tries that are as good as the best, the one with the highest CRF: a lower one would cost and give nothing. */
function cheapest(tried: readonly Tried[]): Tried {
  const best = Math.max(...tried.map(({ vmaf }) => vmaf));
  const alike = tried.filter(({ vmaf }) => vmaf > best - tolerance / 2);
  return alike.reduce((one, other) => (other.crf > one.crf ? other : one));
}
