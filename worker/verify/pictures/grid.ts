/** A picture made small: as many rows as columns whatever its shape, each cell the mean of what it covers, as RGB. */
export type Grid = Uint8Array;

export const gridSide = 64;
export const gridBytes = gridSide * gridSide * 3;

export type Rgb = readonly [number, number, number];

/** The root mean square of the differences of two pictures, from 0 to 255. */
export function difference(one: Grid, other: Grid): number {
  let sum = 0;
  for (let at = 0; at < gridBytes; at += 1) sum += ((one[at] ?? 0) - (other[at] ?? 0)) ** 2;
  return Math.sqrt(sum / gridBytes);
}

/** Sides are rounded, to even numbers too. */
const sameShape = 0.05;

/**
 * A picture as it lies in the middle of a frame of another shape, whole and between bars; `ratio` is its shape by that of
 * the frame, each width by height.
 */
export function fitted(grid: Grid, ratio: number, bars: Rgb = [0, 0, 0]): Grid {
  if (Math.abs(ratio - 1) < sameShape) return grid;
  const columns = coverage(Math.min(1, ratio));
  const rows = coverage(Math.min(1, 1 / ratio));
  const made = Float64Array.from({ length: gridBytes }, (_, at) => bars[at % 3] ?? 0);
  for (const { from: fromRow, to: toRow, share: high } of rows)
    for (const { from: fromColumn, to: toColumn, share: wide } of columns)
      for (const channel of [0, 1, 2] as const) {
        const at = (row: number, column: number) => (row * gridSide + column) * 3 + channel;
        made[at(toRow, toColumn)] =
          (made[at(toRow, toColumn)] ?? 0) +
          high * wide * ((grid[at(fromRow, fromColumn)] ?? 0) - (bars[channel] ?? 0));
      }
  return Uint8Array.from(made, Math.round);
}

/** Which share of a cell each old one covers, on one side of a grid that is made so much smaller in its middle. */
function coverage(size: number): { from: number; to: number; share: number }[] {
  const bar = (gridSide * (1 - size)) / 2;
  return Array.from({ length: gridSide }, (_, from) => {
    const [begin, end] = [bar + from * size, bar + (from + 1) * size];
    const cells = Array.from({ length: Math.ceil(end) - Math.floor(begin) }, (__, at) => Math.floor(begin) + at);
    return cells.map((to) => ({ from, to, share: Math.min(end, to + 1) - Math.max(begin, to) }));
  }).flat();
}

/** Shares of a picture's width and height. */
export type Part = { x: number; y: number; width: number; height: number };

/** A picture with these parts black: what lies there is not to be compared. */
export function hidden(grid: Grid, parts: readonly Part[]): Grid {
  if (parts.length === 0) return grid;
  const cells = (from: number, to: number) => [Math.floor(from * gridSide) - 1, Math.ceil(to * gridSide) + 1] as const;
  const isIn = (at: number, [from, to]: readonly [number, number]) => at >= from && at < to;
  const bounds = parts.map(({ x, y, width, height }) => [cells(x, x + width), cells(y, y + height)] as const);
  return grid.map((value, at) => {
    const cell = Math.floor(at / 3);
    const [column, row] = [cell % gridSide, Math.floor(cell / gridSide)];
    return bounds.some(([columns, rows]) => isIn(column, columns) && isIn(row, rows)) ? 0 : value;
  });
}

/** A picture in which these cells are black. */
export const without = (grid: Grid, cells: ReadonlySet<number>): Grid =>
  cells.size === 0 ? grid : grid.map((value, at) => (cells.has(Math.floor(at / 3)) ? 0 : value));

/** The two pictures that differ least, by their places, and by how much; undefined where there are none. */
export function closest(ones: readonly Grid[], others: readonly Grid[]) {
  const pairs = ones.flatMap((one, at) =>
    others.map((other, otherAt) => ({ at, otherAt, by: difference(one, other) })),
  );
  return pairs.toSorted((a, b) => a.by - b.by).at(0);
}

/** The share of a picture that is nearly black. */
export function darkShare(grid: Grid): number {
  let dark = 0;
  for (let at = 0; at < gridBytes; at += 3) {
    if (Math.max(grid[at] ?? 0, grid[at + 1] ?? 0, grid[at + 2] ?? 0) < 32) dark += 1;
  }
  return (dark * 3) / gridBytes;
}

/** The weights of red and blue in luma (ITU-T H.273, matrix coefficients). */
const weights = { bt709: [0.2126, 0.0722], bt601: [0.299, 0.114] } as const;
type Matrix = keyof typeof weights;

const matrices: readonly Matrix[] = ["bt709", "bt601"];
/** How far numbers of full range are apart, against limited ones: both alike, the one read as the other, or the reverse. */
const ranges = [1, 219 / 255, 255 / 219];

/** What pictures become whose numbers are written by one matrix or range, and read by another. */
export const mistakes: readonly ((grid: Grid) => Grid)[] = matrices.flatMap((written) =>
  matrices.flatMap((read) =>
    ranges
      .filter((factor) => factor !== 1 || written !== read)
      .map((factor) => each((rgb) => toRgb(scaled(toYuv(rgb, written), factor), read))),
  ),
);

function each(change: (rgb: Rgb) => Rgb) {
  return (grid: Grid) => {
    const changed = new Uint8Array(gridBytes);
    for (let at = 0; at < gridBytes; at += 3) {
      changed.set(change([grid[at] ?? 0, grid[at + 1] ?? 0, grid[at + 2] ?? 0]).map(Math.round), at);
    }
    return changed;
  };
}

/** Luma and the differences of blue and red from it, from 0 to 255 and from -127.5 to 127.5. */
function toYuv([red, green, blue]: Rgb, matrix: Matrix): Rgb {
  const [r, b] = weights[matrix];
  const luma = r * red + (1 - r - b) * green + b * blue;
  return [luma, (blue - luma) / (2 - 2 * b), (red - luma) / (2 - 2 * r)];
}

function toRgb([luma, u, v]: Rgb, matrix: Matrix): Rgb {
  const [r, b] = weights[matrix];
  const red = luma + v * (2 - 2 * r);
  const blue = luma + u * (2 - 2 * b);
  const green = (luma - r * red - b * blue) / (1 - r - b);
  return [clipped(red), clipped(green), clipped(blue)];
}

const clipped = (value: number) => Math.min(255, Math.max(0, value));

/** Numbers of full range taken for limited ones, or the reverse. */
function scaled([luma, u, v]: Rgb, factor: number): Rgb {
  if (factor === 1) return [luma, u, v];
  const chroma = factor > 1 ? 255 / 224 : 224 / 255;
  return [factor > 1 ? (luma - 16) * factor : luma * factor + 16, u * chroma, v * chroma];
}
