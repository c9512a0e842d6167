import * as v from "valibot";

/** Clamps to a whole number from 0 to the highest; what is no number becomes 0. */
const wholeUpTo = (highest: number) => (number: number) => Math.min(highest, Math.max(0, Math.trunc(number) || 0));

/** Clamps to an int32 of the protocol, which is also the longest timer in milliseconds. */
export const int32 = wholeUpTo(2 ** 31 - 1);

/** Clamps to the whole numbers that JavaScript holds exactly, which fit into an int64 of the protocol. */
export const int64 = wholeUpTo(Number.MAX_SAFE_INTEGER);

// Far below the largest 32-bit float.
const real = (number: number) => Math.min(1e15, Math.max(0, number));

const stored = (fit: (number: number) => number) => v.pipe(v.number(), v.transform(fit));

/** Schemas for numbers from a storage or a journal, which may hold anything: values out of range are clamped. */
export const [storedInt32, storedInt64, storedReal] = [stored(int32), stored(int64), stored(real)];
