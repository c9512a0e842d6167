import { expect, test } from "bun:test";
import * as v from "valibot";
import { AllowedParams, ruleProblem } from "#shared/job/allowed-params.ts";

test.each([
  ["crf", 18, { min: 18, max: 30 }, undefined],
  ["crf", 17, { min: 18, max: 30 }, "must be from 18 to 30"],
  ["crf", 31, { max: 30 }, "must be at most 30"],
  ["bitrate", "900k", { min: "1000k" }, "must be at least 1000k"],
  ["bitrate", "12000k", { max: "8000k" }, "must be at most 8000k"],
  ["frame_rate", "<=60", { max: 30 }, "must be at most 30"],
  ["frame_rate", "30000/1001", { max: 30 }, undefined],
  ["size", 480, [480, 720], undefined],
  ["size", 500, [480, 720], "must be one of 480, 720"],
  ["speed", "veryslow", ["fast", "medium"], "must be one of fast, medium"],
  ["loudness", -30, true, undefined],
] as const)("of %s the value %p under the rule %p", (name, value, rule, problem) => {
  expect(ruleProblem(name, value, rule)).toBe(problem);
});

test.each([
  { crf: false },
  { tune: true },
  { crf: {} },
  { crf: { least: 18 } },
  { crf: { min: 70 } },
  { size: [] },
  { speed: { min: "fast" } },
  { bitrate: { max: 8_000_000 } },
])("refuses the rules %p", (allow) => {
  expect(v.is(AllowedParams, allow)).toBe(false);
});
