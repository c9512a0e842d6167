import { expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { JobRequestSchema } from "#proto/worker/v1/worker_pb.js";
import { faultIn, invalidField } from "#shared/fault.ts";
import { askedInputs, checkSources } from "#worker/jobs/wanted-inputs.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { parsePresets } from "#worker/presets/parse.ts";
import type { Preset } from "#worker/presets/schema.ts";

const shipped = await loadPresets();
const checkInput = (url: string) => {
  if (!url.startsWith("https://example.com/")) throw invalidField("input_url", "leads to a private address");
};
const url = "https://example.com/a.mp4";
const raw = "name: raw\ndescription: d\nextension: mp4\nffmpeg_args: [-c, copy]\n";
const [ownArguments] = parsePresets(raw, "raw.yaml").presets;

const fieldsOf = (request: Parameters<typeof create<typeof JobRequestSchema>>[1], preset?: Preset) =>
  faultIn(() => checkSources(create(JobRequestSchema, request), preset, checkInput))?.fields.map(({ field }) => field);

test("what a peer sends is taken as it was ordered", () => {
  const inputs = [{ url, clip: { start: 1, end: 2.5 } }, { url, clip: { start: 3 } }, { url }];
  expect(askedInputs(create(JobRequestSchema, { inputs }))).toEqual({ inputs });
  expect(askedInputs(create(JobRequestSchema, { inputUrl: url }))).toEqual({});
});

test("what may not be fetched or joined is refused by its field", () => {
  expect(fieldsOf({ inputUrl: url })).toBeUndefined();
  expect(fieldsOf({})).toEqual(["input_url"]);
  expect(fieldsOf({ inputs: [{ url }, { url }] })).toBeUndefined();
  const several = Array.from({ length: 8 }, () => ({ url }));
  expect(fieldsOf({ inputs: several.with(6, { url: "https://10.0.0.1/" }) })).toEqual(["inputs.6.url"]);
  expect(fieldsOf({ inputs: several.with(3, { url: "" }) })).toEqual(["inputs.3.url"]);
  expect(fieldsOf({ inputs: [{ url }, { url, clip: { start: 2, end: 1 } }] })).toEqual(["inputs.1.clip.end"]);
  expect(fieldsOf({ inputs: [{ url }, { url, clip: { start: Number.NaN } }] })).toEqual(["inputs.1.clip.start"]);
  expect(fieldsOf({ inputs: [{ url }] })).toEqual(["inputs"]);
  expect(fieldsOf({ inputs: Array.from({ length: 51 }, () => ({ url })) })).toEqual(["inputs"]);
  expect(fieldsOf({ inputs: several, inputUrl: url })).toEqual(["inputs"]);
  expect(fieldsOf({ inputs: several, clip: { start: 1 } })).toEqual(["clip"]);
  expect(fieldsOf({ inputs: several, workers: 2 })).toEqual(["workers"]);
  expect(fieldsOf({ inputs: several, measure: "ssim" })).toEqual(["measure"]);
  expect(fieldsOf({ inputs: several, quality: { vmaf: 90 } })).toEqual(["quality"]);
  expect(fieldsOf({ inputs: several }, ownArguments)).toEqual(["inputs"]);
  const plain = presetNamed(shipped, "720p_h264");
  expect(fieldsOf({ inputs: several }, plain)).toBeUndefined();
  for (const asking of [{ measure: "ssim" }, { quality: { vmaf: 90 } }, { ladder: "adaptive" }] as const)
    expect(fieldsOf({ inputs: several }, { ...plain, ...asking } as Preset)).toEqual(["inputs"]);
});
