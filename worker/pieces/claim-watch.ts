/** The beat of a claim that its worker has given up: nobody need wait to find it silent. */
export const givenUp = "lost";

/** Tells which claims of pieces are alive, by what their holders write as they go on. */
export function makeClaimWatch(staleMs: number, now: () => number) {
  const seen = new Map<string, { beat: string | undefined; changedAt: number }>();
  const lost = new Set<string>();
  const nameOf = (piece: number, attempt: number) => `${piece}.${attempt}`;
  return {
    /** Takes what was last written for an attempt, undefined where nothing is: it counts when it is not as before. */
    saw(piece: number, attempt: number, beat: string | undefined) {
      const name = nameOf(piece, attempt);
      if (beat === givenUp) lost.add(name);
      const before = seen.get(name);
      if (!before || before.beat !== beat) seen.set(name, { beat, changedAt: now() });
    },
    /** Nothing more is expected of this attempt. */
    isLost(piece: number, attempt: number) {
      lost.add(nameOf(piece, attempt));
    },
    /** Whether somebody is still working at it. */
    isAlive(piece: number, attempt: number): boolean {
      const name = nameOf(piece, attempt);
      const found = seen.get(name);
      return found !== undefined && !lost.has(name) && now() - found.changedAt < staleMs;
    },
  };
}
