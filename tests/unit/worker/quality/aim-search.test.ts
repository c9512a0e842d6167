import { expect, test } from "bun:test";
import { type Bounds, boundsAround, foundBy, mostTries, nextCrf, type Tried } from "#worker/quality/aim-search.ts";

const x264 = { most: 51, step: 0.1 };
const bounds = boundsAround(23, x264);

/** Searches for a target in a film whose VMAF at each CRF this tells. */
function search(target: number, vmafAt: (crf: number) => number, within: Bounds = bounds) {
  const tried: Tried[] = [];
  for (let crf = nextCrf(target, within, tried); crf !== undefined; crf = nextCrf(target, within, tried))
    tried.push({ crf, vmaf: vmafAt(crf) });
  return { tried, found: foundBy(target, within, tried) };
}

/** The better a picture is, the less a CRF more takes of it. */
const film = (at23: number) => (crf: number) => 98 - (98 - at23) * Math.exp((crf - 23) * 0.13);

test("the search begins at the preset's CRF, and ends there when that is near enough", () => {
  const { tried, found } = search(93, () => 93.4);
  expect(tried).toEqual([{ crf: 23, vmaf: 93.4 }]);
  expect(found.isReached).toBe(true);
  expect(found.vmaf).toBeCloseTo(93, 1);
  // Half a point is worth half a CRF or so.
  expect(found.crf).toBeGreaterThan(23);
  expect(found.crf).toBeLessThan(23.8);
});

test.each([
  [93, 95.5],
  [93, 95],
  [93, 91],
  [93, 90],
  [88, 92],
  [80, 85],
  [95, 93.2],
])("VMAF %f is found within 0.5 and three tries in a film that has %f at the preset's CRF", (target, at23) => {
  const { tried, found } = search(target, film(at23));
  expect(tried.length).toBeLessThanOrEqual(mostTries);
  expect(found.isReached).toBe(true);
  expect(Math.abs(film(at23)(found.crf) - target)).toBeLessThan(0.5);
});

/** Like print on a screen: at first hardly worse with a higher CRF. */
const print = (crf: number) => 94.1 - 0.36 * (crf - 23) - 0.03 * Math.max(0, crf - 24.4) ** 2;

test("two tries that make a line to a target within 1 are enough", () => {
  const { tried, found } = search(93, print);
  expect(tried).toHaveLength(2);
  expect(found).toMatchObject({ isReached: true });
  expect(Math.abs(print(found.crf) - 93)).toBeLessThan(0.5);
  // What the line alone would take is worse than the target: films get worse faster than a line.
  const [first, second] = tried as [Tried, Tried];
  const slope = (second.vmaf - first.vmaf) / (second.crf - first.crf);
  expect(found.crf).toBeLessThan(second.crf + (93 - second.vmaf) / slope - 0.1);
  expect(print(found.crf)).toBeGreaterThan(92.9);
});

test("a line is not followed far: a target that two near tries hardly come nearer to gets a third", () => {
  const { tried } = search(93, (crf) => 93.8 - 0.02 * (crf - 23) - Math.max(0, crf - 25));
  expect(tried).toHaveLength(3);
});

test("a line that leads out of the bounds is not followed", () => {
  const { found } = search(93, (crf) => 92.4 - 0.2 * (crf - 17));
  expect(found).toMatchObject({ crf: 17, isReached: false, limit: "least" });
});

test("the CRF stays within 6 of the preset's, and it is said when it is too high for the target", () => {
  const { tried, found } = search(96, film(80));
  expect(tried.map(({ crf }) => crf)).toEqual([23, 17]);
  expect(found).toMatchObject({ crf: 17, isReached: false, limit: "least" });
});

test("a film that is better than the target at the highest CRF has reached it", () => {
  const { found } = search(80, film(96));
  expect(found).toMatchObject({ crf: 29, isReached: true, limit: "most" });
});

test("where a lower CRF makes it no better, the search ends with the highest of those that are as good", () => {
  const { tried, found } = search(93, (crf) => 84 - 0.01 * crf);
  expect(tried).toHaveLength(2);
  expect(found).toMatchObject({ crf: 23, isReached: false, limit: "rate" });
});

test("encoders that know whole CRFs alone get whole ones, and never the same twice", () => {
  const { tried, found } = search(93.3, film(91), boundsAround(35, { most: 63, step: 1 }));
  expect(tried.every(({ crf }) => Number.isInteger(crf))).toBe(true);
  expect(new Set(tried.map(({ crf }) => crf)).size).toBe(tried.length);
  expect(Number.isInteger(found.crf)).toBe(true);
});

test("bounds end where the encoder's CRFs do", () => {
  expect(boundsAround(3, x264)).toMatchObject({ least: 0, most: 9 });
  expect(boundsAround(60, { most: 63, step: 1 })).toMatchObject({ least: 54, most: 63 });
});

test("after three tries that are not near, what lies between two of them is taken", () => {
  const tried = [
    { crf: 23, vmaf: 95 },
    { crf: 26, vmaf: 91.8 },
    { crf: 24.5, vmaf: 93.9 },
  ];
  const found = foundBy(93, bounds, tried);
  expect(found.crf).toBeCloseTo(25.1, 1);
  expect(found).toMatchObject({ isReached: true });
  expect(Math.abs(found.vmaf - 93)).toBeLessThan(0.2);
});

test.each([30, 90])("of a film that the CRF does not change, VMAF %d takes the highest CRF", (target) => {
  const { tried, found } = search(target, () => 97.4);
  expect(tried.map(({ crf }) => crf)).toEqual([23, 29]);
  expect(found).toEqual({ crf: 29, vmaf: 97.4, isReached: true, limit: "most" });
});

test("a higher CRF that is better by chance is as good a reason to take the highest", () => {
  const { found } = search(90, (crf) => 97 + 0.01 * crf);
  expect(found).toMatchObject({ crf: 29, isReached: true, limit: "most" });
  const crossed = foundBy(90, bounds, [
    { crf: 23, vmaf: 89 },
    { crf: 29, vmaf: 92 },
  ]);
  expect(crossed).toMatchObject({ crf: 29, vmaf: 92, isReached: true });
});

const uneven = [
  { crf: 23, vmaf: 91.3 },
  { crf: 24.2, vmaf: 90.8 },
  { crf: 26.3, vmaf: 88 },
];

test("a target between two tries is found between them, although the two nearest are on one side", () => {
  expect(foundBy(90, bounds, uneven)).toMatchObject({ crf: 24.8, isReached: true });
  expect(foundBy(90, bounds, uneven).limit).toBeUndefined();
  const mirrored = uneven.map(({ crf, vmaf }) => ({ crf: 49 - crf, vmaf: 180 - vmaf }));
  expect(foundBy(90, bounds, mirrored)).toMatchObject({ crf: 24.2, isReached: true });
});

test("of whole CRFs the one is taken that is at most 0.5 below the target", () => {
  const tried = [
    { crf: 35, vmaf: 72 },
    { crf: 36, vmaf: 69 },
  ];
  expect(foundBy(70, boundsAround(35, { most: 63, step: 1 }), tried)).toEqual({ crf: 35, vmaf: 72, isReached: true });
});
