import * as v from "valibot";

/** The nearest whole number from 0 to the highest; 0 for what is no number. */
const wholeUpTo = (highest: number) => (number: number) => Math.min(highest, Math.max(0, Math.trunc(number) || 0));

/** A 32-bit field of the protocol, and the longest timer in milliseconds. */
export const int32 = wholeUpTo(2 ** 31 - 1);

/** What a number holds exactly; a 64-bit field of the protocol takes it. */
export const int64 = wholeUpTo(Number.MAX_SAFE_INTEGER);

// Far below where a 32-bit float ends.
const real = (number: number) => Math.min(1e15, Math.max(0, number));

const stored = (fit: (number: number) => number) => v.pipe(v.number(), v.transform(fit));

/** Numbers as they are read from a storage or a journal, where anything may lie: what does not fit becomes what does. */
export const [storedInt32, storedInt64, storedReal] = [stored(int32), stored(int64), stored(real)];
