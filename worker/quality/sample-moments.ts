/** A stretch of a film, in seconds. */
export type Piece = { start: number; seconds: number };

const pieceSeconds = 2;
/** Fewer pieces than this tell too little of a film: a shorter one is taken whole. */
const least = 8;
const usual = 16;
/** For films from `longSeconds` on, whose scenes are more unlike. */
const most = 20;
const longSeconds = 120 * 60;

/**
 * The pieces of a film by which its quality is judged: 2 s each, one somewhere in each of equal parts of the film. Half of
 * a short film at most; one that has no room for eight pieces is taken whole.
 */
export function samplePieces(durationSeconds: number): Piece[] {
  const room = Math.floor(durationSeconds / (2 * pieceSeconds));
  if (room < least) return [{ start: 0, seconds: durationSeconds }];
  const count = Math.min(room, durationSeconds >= longSeconds ? most : usual);
  const part = durationSeconds / count;
  return Array.from({ length: count }, (_, at) => ({
    start: at * part + (part - pieceSeconds) * placeIn(at),
    seconds: pieceSeconds,
  }));
}

// By the golden ratio, and not at even distances: what a film repeats would be seen again and again, or never.
const placeIn = (part: number) => (0.5 + part * 0.618034) % 1;
