/** What one connection fetches: `at` moves towards `end`, and `end` towards `at` when another connection helps. */
export type Stretch = { at: number; end: number; isHeld: boolean };

/** Equal stretches from one place to another. */
export function stretchesOf(from: number, to: number, count: number): Stretch[] {
  const border = (n: number) => from + Math.floor(((to - from) * n) / count);
  return Array.from({ length: count }, (_, n) => ({ at: border(n), end: border(n + 1), isHeld: false }));
}

/** What a free connection does next: what one left that failed, or the latter half of what takes longest. */
export function takeNext(stretches: Stretch[], least: number): Stretch | undefined {
  const left = stretches.find((stretch) => !stretch.isHeld && restOf(stretch) > 0);
  if (left) return left;
  const longest = stretches.reduce((a, b) => (restOf(b) > restOf(a) ? b : a));
  if (restOf(longest) < 2 * least) return undefined;
  const half = { at: longest.end - Math.floor(restOf(longest) / 2), end: longest.end, isHeld: false };
  longest.end = half.at;
  stretches.push(half);
  return half;
}

/** Lets a stretch go on over those behind it, as far as no connection has them. */
export function extend(stretches: readonly Stretch[], stretch: Stretch): void {
  for (const next of stretches.filter(({ end }) => end > stretch.end).toSorted(byEnd)) {
    if (next.isHeld || restOf(next) <= 0) return;
    stretch.end = next.end;
    next.at = next.end;
  }
}

/** Up to where nothing is missing. */
export function wholeUntil(stretches: readonly Stretch[]): number {
  const inOrder = stretches.toSorted(byEnd);
  const { at } = inOrder.find((stretch) => restOf(stretch) > 0) ?? { at: inOrder.at(-1)?.end ?? 0 };
  return at;
}

const byEnd = (a: Stretch, b: Stretch) => a.end - b.end;
const restOf = ({ at, end }: Stretch) => end - at;
