/** What one connection fetches: `at` moves towards `end`, and `end` towards `at` when another connection helps. */
export type ByteRange = {
  /** The offset of the next byte. */
  at: number;
  /** The offset behind the last byte. */
  end: number;
  /** Whether a connection fetches it. */
  isHeld: boolean;
};

/** Equal ranges from one offset to another. */
export function splitRange(from: number, to: number, count: number): ByteRange[] {
  const border = (n: number) => from + Math.floor(((to - from) * n) / count);
  return Array.from({ length: count }, (_, n) => ({ at: border(n), end: border(n + 1), isHeld: false }));
}

/** What a free connection does next: what a failed one has left, or the latter half of what takes longest. */
export function nextRange(ranges: ByteRange[], minBytes: number): ByteRange | undefined {
  const left = ranges.find((range) => !range.isHeld && restOf(range) > 0);
  if (left) return left;
  const longest = ranges.reduce((a, b) => (restOf(b) > restOf(a) ? b : a));
  if (restOf(longest) < 2 * minBytes) return undefined;
  const half = { at: longest.end - Math.floor(restOf(longest) / 2), end: longest.end, isHeld: false };
  longest.end = half.at;
  ranges.push(half);
  return half;
}

/** Lets a range go on over those behind it, as far as no connection fetches them. */
export function extend(ranges: readonly ByteRange[], range: ByteRange): void {
  for (const next of ranges.filter(({ end }) => end > range.end).toSorted(byEnd)) {
    if (next.isHeld || restOf(next) <= 0) return;
    range.end = next.end;
    next.at = next.end;
  }
}

/** The offset up to which nothing is missing. */
export function completeUntil(ranges: readonly ByteRange[]): number {
  const inOrder = ranges.toSorted(byEnd);
  const { at } = inOrder.find((range) => restOf(range) > 0) ?? { at: inOrder.at(-1)?.end ?? 0 };
  return at;
}

const byEnd = (a: ByteRange, b: ByteRange) => a.end - b.end;
const restOf = ({ at, end }: ByteRange) => end - at;
