import * as v from "valibot";

/** The frame rates that every output has had: below, a picture comes too late for its sound. */
const least = 10;
const most = 60;

/** Frames a second that an output is to have. */
export type FrameRate = {
  /** As a fraction, so that 30000/1001 is what it is. */
  over: number;
  under: number;
  /** Whether slower sources keep their own rate; otherwise every output has it. */
  isMost: boolean;
};

const written = /^(<=)?(\d{1,3}(?:\.\d{1,3})?|(\d{1,6})\/(\d{1,4}))$/;

/** Film and television name their rates by decimals of which these are the fractions. */
const named: Readonly<Record<string, readonly [number, number]>> = {
  23.976: [24_000, 1_001],
  23.98: [24_000, 1_001],
  29.97: [30_000, 1_001],
  59.94: [60_000, 1_001],
};

/** The frame rate that a number or a text such as `30000/1001` or `<=30` says; undefined where it says none. */
export function frameRateIn(value: number | string): FrameRate | undefined {
  const [, limit, decimal = "", over, under] = written.exec(String(value)) ?? [];
  const [above, below] =
    over === undefined
      ? (named[decimal] ?? [Math.round(Number(decimal) * 1_000), 1_000])
      : [Number(over), Number(under)];
  const rate = above / below;
  if (!(rate >= least && rate <= most)) return undefined;
  return { ...reduced(above, below), isMost: limit !== undefined };
}

const reduced = (over: number, under: number) => {
  const common = commonDivisor(over, under);
  return { over: over / common, under: under / common };
};

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));

const message = `use a number from ${least} to ${most}, a fraction such as "30000/1001", or "<=30" for at most that`;

/** A frame rate in orders, presets and journals. */
export const FrameRateValue = v.pipe(
  v.union([v.number(message), v.string(message)], message),
  v.check((value) => frameRateIn(value) !== undefined, message),
);
