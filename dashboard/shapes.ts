/** One line or level of columns; `colour` is a class of the style sheet. Undefined values are gaps. */
export type Series = { label: string; colour: string; values: readonly (number | undefined)[] };

/** A point in the drawing area of a chart, which is 100 by 100; y grows downwards. Undefined is a gap. */
export type Point = readonly [x: number, y: number] | undefined;

/** Where the middle of a part of a chart lies. */
export const middleOf = (index: number, count: number) => ((index + 0.5) / count) * 100;

/** Places the values in the middle of their parts; `max` is the value at the top. */
export const points = (values: readonly (number | undefined)[], max: number): Point[] =>
  values.map((value, index) =>
    value === undefined ? undefined : [middleOf(index, values.length), heightOf(value, max)],
  );

/** The path through points, broken at gaps. */
export const line = (points: readonly Point[]) =>
  points.map((point, index) => (point ? `${points[index - 1] ? "L" : "M"}${point[0]} ${point[1]}` : "")).join("");

/** The path of a dot at each point: a line without length has round ends, however the drawing is stretched. */
export const dots = (points: readonly Point[]) =>
  points.map((point) => (point ? `M${point[0]} ${point[1]}h0` : "")).join("");

/** The paths of stacked columns, one path for each series. */
export function columns(stack: readonly (readonly (number | undefined)[])[], max: number): string[] {
  const count = Math.max(1, ...stack.map((values) => values.length));
  const width = 100 / count;
  return stack.map((values, level) =>
    values
      .map((value = 0, index) => {
        const below = stack.slice(0, level).reduce((sum, lower) => sum + (lower[index] ?? 0), 0);
        const [top, bottom] = [heightOf(below + value, max), heightOf(below, max)];
        return value > 0 ? `M${index * width + width * 0.12} ${bottom}V${top}h${width * 0.76}V${bottom}z` : "";
      })
      .join(""),
  );
}

const heightOf = (value: number, max: number) => 100 - (value / (max || 1)) * 100;

/** The next number of the form 1, 2 or 5 times a power of ten, which becomes the top of the scale. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * power >= value) ?? 10) * power;
}
