/** A rendition that is left out of a ladder, and why. */
export type Dropped = {
  /** Its number, from the best. */
  at: number;
  /** The number of the one below it that stays. */
  lower: number;
  /** How much better it is than that one, both in its size; VMAF. */
  gain: number;
};

/** A rendition that gains less than this over the one below is not worth its storage and the switch to it. */
const leastGain = 2;

/**
 * Which renditions of a ladder stay, by their numbers from the best, and which are left out. The lowest stays; each one
 * above is held against the next lower one that stays, in its own size.
 */
export async function chooseRungs(
  own: readonly number[],
  scaledUp: (lower: number, higher: number) => Promise<number>,
): Promise<{ kept: number[]; dropped: Dropped[] }> {
  const kept = [own.length - 1];
  const dropped: Dropped[] = [];
  for (let at = own.length - 2; at >= 0; at -= 1) {
    const lower = kept[0] ?? at + 1;
    const gain = (own[at] ?? 0) - (await scaledUp(lower, at));
    if (gain < leastGain) dropped.unshift({ at, lower, gain });
    else kept.unshift(at);
  }
  return { kept, dropped };
}
