/** About how long pieces are where workers share a film and nothing else says it. */
const usualSeconds = 60;
/** They are shorter only down to this: each costs what is encoded beside it, and is not kept. */
const leastSeconds = 40;

/**
 * How long the pieces of a film are that so many workers share, so that nobody is without one in the last round: all of them
 * and the sounds, which take about as long as one, are a whole number of rounds.
 */
export function sharedSeconds(durationSeconds: number | undefined, workers: number): number {
  if (durationSeconds === undefined) return usualSeconds;
  const rounds = Math.ceil((durationSeconds / usualSeconds + 1) / workers);
  return Math.min(usualSeconds, Math.max(leastSeconds, durationSeconds / (rounds * workers - 1)));
}
