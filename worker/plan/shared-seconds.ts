/** About how long pieces are where workers share a film and nothing else says it. */
const usualSeconds = 60;
/** They are shorter only down to this: each costs what is encoded beside it, and is not kept. */
const leastSeconds = 40;
/** The sounds, and cutting and taking pieces, which one of the workers does beside them: a part of the work on all pieces. */
const besideShare = 1 / 32;

/**
 * How long the pieces of a film are that so many workers share, so that nobody is without work in the last round: they and
 * what is done beside them are a whole number of rounds. A piece more would be a round of its own.
 */
export function sharedSeconds(durationSeconds: number | undefined, workers: number): number {
  if (durationSeconds === undefined) return usualSeconds;
  const rounds = Math.ceil(((durationSeconds / usualSeconds) * (1 + besideShare)) / workers);
  const pieces = Math.floor((rounds * workers) / (1 + besideShare));
  return Math.min(usualSeconds, Math.max(leastSeconds, durationSeconds / pieces));
}
