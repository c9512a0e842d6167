export type Spread = { from: number; to: number };

type Target = { of: "value" | "ratio" } & ({ most: number } | { least: number });

/** One line of the table. */
export type Figure = {
  name: string;
  value: number;
  unit:
    | "s"
    | "ms"
    | "MB"
    | "MiB"
    | "KB"
    | "files"
    | "requests"
    | "starts"
    | "commands"
    | "wake-ups"
    | "VMAF"
    | "dB"
    | "jobs/s"
    | "times";
  /** Between which values the middle eight tenths of the samples lie. */
  spread?: Spread;
  /** What the value is held against, measured in the same run. */
  yardstick?: { name: string; value: number };
  /** Value by yardstick, where it is more than the quotient of the two: a median of quotients. */
  ratio?: number;
  target?: Target;
};

export type Options = {
  /** Takes 5 GB where 1 GB is usual. */
  big: boolean;
  /** How long the soak takes. */
  minutes: number;
};

export type Benchmark = (options: Options) => Promise<Figure[]>;

/** The value below which this share of them lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Needs ten samples to leave any out. */
export const spreadOf = (values: readonly number[]): Spread => ({
  from: percentile(values, 0.1),
  to: percentile(values, 0.9),
});

export const median = (values: readonly number[]) => percentile(values, 0.5);

export const ratioOf = ({ value, yardstick, ratio }: Figure) => ratio ?? (yardstick && value / yardstick.value);

/** Undefined without a target. */
export function isMet(figure: Figure): boolean | undefined {
  const { target, value } = figure;
  if (!target) return undefined;
  const found = target.of === "value" ? value : (ratioOf(figure) ?? Number.NaN);
  return "most" in target ? found <= target.most : found >= target.least;
}
