/** Bytes of a file from one offset to before another. */
export type ByteSpan = { from: number; to: number };

/**
 * The same bytes in as few spans as pay: to ask for one takes as long as so many bytes more, or less, take to come. None
 * goes beyond `total`.
 */
export function joinedSpans(spans: readonly ByteSpan[], total: number, gapBytes: number): ByteSpan[] {
  const joined: ByteSpan[] = [];
  for (const { from, to } of spans.toSorted((one, other) => one.from - other.from)) {
    const span = { from: Math.max(0, from), to: Math.min(to, total) };
    const last = joined.at(-1);
    if (span.to <= span.from) continue;
    if (last && span.from <= last.to + gapBytes) last.to = Math.max(last.to, span.to);
    else joined.push(span);
  }
  return joined;
}

/** What is missing of some spans where others are there already. */
export function missingSpans(wanted: readonly ByteSpan[], held: readonly ByteSpan[]): ByteSpan[] {
  return held.reduce<ByteSpan[]>(
    (left, { from, to }) =>
      left.flatMap((span) =>
        [
          { from: span.from, to: Math.min(span.to, from) },
          { from: Math.max(span.from, to), to: span.to },
        ].filter((one) => one.to > one.from),
      ),
    [...wanted],
  );
}

export const sizeOf = (spans: readonly ByteSpan[]) => spans.reduce((sum, { from, to }) => sum + to - from, 0);
