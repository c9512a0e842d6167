import { expect, test } from "bun:test";
import { faultIn } from "#shared/fault.ts";
import type { QualityFacts } from "#shared/job/quality-facts.ts";
import { planned } from "#tests/support/plan-sources.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { outcomeOf } from "#worker/quality/aim-outcome.ts";
import type { Found } from "#worker/quality/aim-search.ts";
import { isFilmPreset } from "#worker/quality/sample-preset.ts";

const preset = presetNamed(await loadPresets(), "720p_h264");
if (!isFilmPreset(preset)) throw new Error("it makes no film");
const plan = planned("720p_h264");

const near: Found = { crf: 25.1, vmaf: 93, isReached: true };
const outcome = (found: Found, measured?: QualityFacts) =>
  outcomeOf({ preset, target: 93, found, reason: "Because." }, plan, measured);
const measured = (mean: number, metric: "vmaf" | "ssim" = "vmaf"): QualityFacts => ({
  metric,
  renditions: [{ path: "output.mp4", mean }],
});

test("what was decided is told of each rendition, without scores where none were measured", () => {
  expect(outcome(near)).toEqual({
    ...{ metric: "vmaf", target: 93, targetMetric: "vmaf", reached: true, reason: "Because." },
    renditions: [{ path: "output.mp4", crf: 23 }],
  });
});

test("of a film that was measured its own score decides, and not the sample's", () => {
  expect(outcome(near, measured(92.1))).toMatchObject({ reached: true, renditions: [{ crf: 23, mean: 92.1 }] });
  expect(outcome(near, measured(91.9)).reached).toBe(false);
  expect(outcome(near, measured(91.9)).reason).toBe("Because. The whole film has VMAF 91.9.");
  expect(outcome({ ...near, isReached: false, limit: "least" }, measured(92.5)).reached).toBe(true);
});

test("a film that is more than 2 below its target is not delivered, unless a bound was in the way", () => {
  expect(faultIn(() => outcome(near, measured(90.9)))).toMatchObject({ kind: "encode_failed" });
  expect(outcome(near, measured(91)).reached).toBe(false);
  for (const limit of ["least", "rate", "steps"] as const)
    expect(outcome({ ...near, isReached: false, limit }, measured(80))).toMatchObject({ target: 93, reached: false });
});

test("SSIM tells nothing of a VMAF", () => {
  expect(outcome(near, measured(0.98, "ssim"))).toMatchObject({
    ...{ metric: "ssim", target: 93, targetMetric: "vmaf", reached: true },
  });
});

test("where nothing was scored, it is not said whether the target is reached", () => {
  const untried = (quality?: QualityFacts) => outcomeOf({ preset, target: 93, reason: "Too small." }, plan, quality);
  expect(untried()).toEqual({
    ...{ metric: "vmaf", target: 93, targetMetric: "vmaf", reason: "Too small." },
    renditions: [{ path: "output.mp4", crf: 23 }],
  });
  expect(untried(measured(0.98, "ssim")).reached).toBeUndefined();
  expect(untried(measured(94)).reached).toBe(true);
});

test("of a ladder alone no target is told", () => {
  expect(Object.keys(outcomeOf({ preset, reason: "" }, plan, undefined))).toEqual(["metric", "reason", "renditions"]);
});
