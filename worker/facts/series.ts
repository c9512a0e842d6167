import { mostFacts } from "#shared/job/fact-schemas.ts";

type Sized = { bytes: number; seconds: number };

/** Bits a second over time: of each of these, or of as many of them together as leave no more than there may be. */
export function bitRateSeries(parts: readonly Sized[]): number[] {
  const together = Math.ceil(parts.length / mostFacts) || 1;
  return Array.from({ length: Math.ceil(parts.length / together) }, (_, at) => {
    const some = parts.slice(at * together, (at + 1) * together);
    const seconds = sum(some, "seconds");
    return seconds > 0 ? Math.round((sum(some, "bytes") * 8) / seconds) : 0;
  });
}

const sum = (parts: readonly Sized[], field: keyof Sized) => parts.reduce((total, part) => total + part[field], 0);
