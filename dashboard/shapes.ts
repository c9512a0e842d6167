/** A point in the drawing area of a chart, which is 100 by 100; y grows downwards. */
export type Point = readonly [x: number, y: number];

/** Places values in the drawing area by their times, which ascend; `max` is the value at the top. */
export function points(times: readonly number[], values: readonly number[], max: number): Point[] {
  const first = times[0] ?? 0;
  const width = (times.at(-1) ?? 0) - first || 1;
  return times.map((time, index) => [((time - first) / width) * 100, heightOf(values[index], max)]);
}

export const line = (points: readonly Point[]) => points.map(([x, y], i) => `${i ? "L" : "M"}${x} ${y}`).join("");

/** The path of a dot at each point: a line without length has round ends, however the drawing is stretched. */
export const dots = (points: readonly Point[]) => points.map(([x, y]) => `M${x} ${y}h0`).join("");

/** The paths of stacked columns, one path for each series. */
export function columns(stack: readonly (readonly number[])[], max: number): string[] {
  const count = Math.max(1, ...stack.map((values) => values.length));
  const width = Math.min(12, 100 / count);
  return stack.map((values, level) =>
    values
      .map((value, index) => {
        const below = stack.slice(0, level).reduce((sum, lower) => sum + (lower[index] ?? 0), 0);
        const [top, bottom] = [heightOf(below + value, max), heightOf(below, max)];
        return value > 0 ? `M${index * width + width * 0.1} ${bottom}V${top}h${width * 0.8}V${bottom}z` : "";
      })
      .join(""),
  );
}

const heightOf = (value = 0, max: number) => 100 - (value / (max || 1)) * 100;

/** The next number of the form 1, 2 or 5 times a power of ten, which becomes the top of the scale. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * power >= value) ?? 10) * power;
}
