import { expect, test } from "bun:test";
import {
  closest,
  darkShare,
  difference,
  fitted,
  type Grid,
  gridBytes,
  gridSide,
  hidden,
  mistakes,
} from "#worker/verify/pictures/grid.ts";

type Rgb = readonly [number, number, number];

const painted = (colourAt: (column: number, row: number) => Rgb): Grid =>
  Uint8Array.from({ length: gridBytes }, (_, at) => {
    const cell = Math.floor(at / 3);
    return colourAt(cell % gridSide, Math.floor(cell / gridSide))[at % 3] ?? 0;
  });
const plain = (...colour: Rgb) => painted(() => colour);
const at = (grid: Grid, column: number, row: number) => [...grid.slice((row * gridSide + column) * 3).slice(0, 3)];

const lime = plain(0, 255, 0);

test("tells by how much two pictures differ", () => {
  expect(difference(lime, lime)).toBe(0);
  expect(difference(plain(10, 20, 30), plain(13, 23, 33))).toBeCloseTo(3);
  expect(closest([lime], [plain(0, 0, 0), plain(0, 250, 0)])).toMatchObject({ at: 0, otherAt: 1 });
  expect(closest([], [lime])).toBeUndefined();
});

test("knows what lime becomes that is written by BT.709 and read by BT.601, and the reverse", () => {
  const found = mistakes.map((mistake) => at(mistake(lime), 0, 0));
  expect(found).toContainEqual([20, 255, 8]);
  expect(found).toContainEqual([0, 215, 0]);
});

test("knows what gray becomes in another range", () => {
  const found = mistakes.map((mistake) => at(mistake(plain(128, 128, 128)), 0, 0)[0]);
  expect(found).toContain(126);
  expect(found).toContain(130);
});

test("puts a picture into a frame of another shape, between black bars", () => {
  const halves = painted((column) => (column < gridSide / 2 ? [200, 0, 0] : [0, 0, 200]));
  const narrow = fitted(halves, 0.5);
  const middle = gridSide / 2;
  expect(at(narrow, middle / 2 - 1, middle)).toEqual([0, 0, 0]);
  expect(at(narrow, middle / 2, middle)).toEqual([200, 0, 0]);
  expect(at(narrow, middle, middle)).toEqual([0, 0, 200]);
  expect(at(narrow, middle * 1.5, middle)).toEqual([0, 0, 0]);
  const flat = fitted(halves, 2);
  expect(at(flat, 0, middle / 2 - 1)).toEqual([0, 0, 0]);
  expect(at(flat, 0, middle)).toEqual([200, 0, 0]);
  expect(fitted(halves, 1.03)).toBe(halves);
});

test("keeps as much light as the share of a cell that it falls on", () => {
  const third = fitted(plain(90, 90, 90), 1 / 3);
  const sum = third.reduce((all, value) => all + value, 0);
  expect(sum / gridBytes).toBeCloseTo(30, 0);
});

test("tells how much of a picture is nearly black", () => {
  expect(darkShare(painted((column) => (column < 16 ? [31, 31, 31] : [0, 32, 0])))).toBeCloseTo(0.25);
});

test("what something lies over is black, and a cell around it", () => {
  const covered = hidden(lime, [{ x: 0.5, y: 0.5, width: 0.25, height: 0.25 }]);
  expect(at(covered, gridSide / 2, gridSide / 2)).toEqual([0, 0, 0]);
  expect(at(covered, gridSide / 2 - 1, gridSide / 2)).toEqual([0, 0, 0]);
  expect(at(covered, gridSide / 2 - 2, gridSide / 2)).toEqual([0, 255, 0]);
  expect(hidden(lime, [])).toBe(lime);
});
