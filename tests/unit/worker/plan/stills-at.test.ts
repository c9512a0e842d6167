import { expect, test } from "bun:test";
import { source } from "#tests/support/plan-sources.ts";
import { stillMoments, stillsPart } from "#worker/plan/stills-at.ts";

const momentsOf = (times: number[], probe = source()) => {
  const { video } = probe;
  if (!video) throw new Error("the source has no video");
  return stillMoments({ times }, { video, probe });
};

test("what lies beyond the end is the last picture, and a picture is made once", () => {
  expect(momentsOf([0, 1.5, 9])).toEqual([0, 1.5, 9]);
  expect(momentsOf([1, 1.001, 2])).toEqual([1.001, 2]);
  const [first, last, ...more] = momentsOf([1, 10, 11, 500]);
  expect([first, more]).toEqual([1, []]);
  expect(last).toBeGreaterThan(9.9);
  expect(last).toBeLessThan(10);
});

test("a moment that lies on a picture is that picture, whatever its product with the rate is rounded to", () => {
  const probe = source({ averageRate: 25, nominalRate: 25 });
  if (!probe.video) throw new Error("the source has no video");
  expect(1.16 * 25).toBeLessThan(29);
  const place = { input: "/source", outputDir: "/out", stem: "film" };
  const { chain } = stillsPart({ times: [1.16], size: 90 }, { video: probe.video, probe, place }, "still");
  expect(chain?.("in", "out")).toContain("select='eq(n,29)'");
});
