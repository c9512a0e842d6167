import { expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { JobRequestSchema } from "#proto/worker/v1/worker_pb.js";
import { faultIn } from "#shared/fault.ts";
import { orderedPreset } from "#worker/presets/ordered.ts";
import { parsePresets } from "#worker/presets/parse.ts";

const file = (allow: string) =>
  `name: x\ndescription: d\nvideo: { codec: h264, renditions: [{ size: 90, crf: 23, maxrate: 300k, bufsize: 600k }] }\n${allow}`;
const presetOf = (allow = "") => {
  const [preset] = parsePresets(file(allow), "x.yaml").presets;
  if (!preset) throw new Error("it is no preset");
  return preset;
};
const bounded = presetOf("allow: { crf: { min: 18, max: 30 }, size: true }\n");

const problemsOf = (request: object, preset = bounded) => {
  const fault = faultIn(() => orderedPreset(create(JobRequestSchema, { preset: "x", ...request }), preset));
  return fault?.fields.map(({ field, message }) => `${field}: ${message}`);
};

test("an order without a tenant may set all, but for the bounds that the preset has", () => {
  expect(problemsOf({ params: { crf: 20, speed: "fast" } })).toBeUndefined();
  expect(problemsOf({ params: { crf: 10 } })).toEqual(["params.crf: must be from 18 to 30"]);
  expect(problemsOf({ params: { crf: 10 } }, presetOf())).toBeUndefined();
});

test("a tenant may set what the preset allows, or what it is granted", () => {
  const tenant = "acme";
  expect(problemsOf({ tenant, params: { crf: 20, size: 60 } })).toBeUndefined();
  expect(problemsOf({ tenant, params: { crf: 40 } })).toEqual(["params.crf: must be from 18 to 30"]);
  expect(problemsOf({ tenant, params: { speed: "fast" } })).toEqual(["params.speed: preset x does not let you set it"]);
  expect(problemsOf({ tenant, params: { speed: "fast", granted: ["speed"] } })).toBeUndefined();
  expect(problemsOf({ tenant, params: { crf: 40, granted: ["crf"] } })).toEqual(["params.crf: must be from 18 to 30"]);
  expect(problemsOf({ tenant, params: { crf: 20 } }, presetOf())).toEqual([
    "params.crf: preset x does not let you set it",
  ]);
});

test("what any peer sends is checked before it comes to an encoder", () => {
  const odd = { crf: Number.NaN, bitrate: "1k;x", size: 1e9, frameRate: "60,eq=1", speed: "placebo" };
  const fields = problemsOf({ params: odd })?.map((words) => words.split(":")[0]);
  expect(fields).toEqual(["crf", "bitrate", "size", "frame_rate", "speed"].map((name) => `params.${name}`));
});

test("a target and what leaves no choice of a CRF exclude each other", () => {
  expect(problemsOf({ quality: { vmaf: 93 }, params: { crf: 20 } })?.[0]).toStartWith("quality: ");
  expect(problemsOf({ quality: { vmaf: 93 }, params: { bitrate: "200k" } })?.[0]).toStartWith("quality: ");
  expect(problemsOf({ quality: { vmaf: 93 }, params: { size: 60 } })).toBeUndefined();
});

test.each(["allow: { crf: { min: 18, most: 30 } }", "allow: { preset: true }", "allow: [crf]"])(
  "a preset with %s is refused",
  (allow) => {
    expect(parsePresets(file(allow), "x.yaml").problems[0]).toMatch(/^x\.yaml:\d+: allow/);
  },
);
