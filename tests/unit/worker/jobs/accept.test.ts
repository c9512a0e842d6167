import { expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { JobRequestSchema } from "#proto/worker/v1/worker_pb.js";
import { faultIn, invalidField } from "#shared/fault.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { acceptable, type Rules } from "#worker/jobs/accept.ts";
import { loadPresets } from "#worker/presets/load.ts";
import { parsePresets } from "#worker/presets/parse.ts";

const rules = async (recordPrefix: string): Promise<Rules> => ({
  presets: await loadPresets(undefined),
  storages: new Map(),
  defaultStorage: "local",
  recordPrefix,
  signs: false,
  checkInput() {},
  checkCallback() {},
});

test.each([
  ["records", { path: "records/2026-11-23/a.json" }],
  ["records", { pathPrefix: "records/" }],
  ["records", { path: "records" }],
  ["records/jobs", { path: "records" }],
  ["r\u00e9cords", { path: "re\u0301cords/a.mp4" }],
])("a tenant that is called as the records' folder, %s, writes nothing there", async (recordPrefix, output) => {
  const request = create(JobRequestSchema, { jobId: "job-1", preset: "720p_h264", tenant: "records", output });
  const given = await rules(recordPrefix);
  expect(() => acceptable(request, given)).toThrow("must not lie where records of jobs are kept");
});

test("says every field that is wrong at once, of the kind of the first", async () => {
  const refuse = () => {
    throw invalidField("input_url", "leads to a private address");
  };
  const output = { storage: "tape", path: "/x", type: "single", publish: "soon", metadata: { "no blanks": "1" } };
  const wrong = { jobId: "job-1", tenant: "t".repeat(256), preset: "none", output };
  const given = { ...(await rules("records")), checkInput: refuse };
  const fields = [
    "tenant",
    "input_url",
    "preset",
    "output.storage",
    "output.publish",
    "output.path",
    "output.metadata",
  ];
  const fault = faultIn(() => acceptable(create(JobRequestSchema, wrong), given));
  expect({ kind: fault?.kind, fields: fault?.fields.map(({ field }) => field) }).toEqual({ kind: "invalid", fields });

  const onlyPresets = { ...wrong, tenant: "", output: { path: "/x" } };
  const unknown = faultIn(() => acceptable(create(JobRequestSchema, onlyPresets), { ...given, checkInput() {} }));
  expect(unknown).toMatchObject({
    kind: "not_found",
    fields: [{ field: "preset" }, { field: "output.storage" }, { field: "output.path" }],
  });
});

const offered = { jobId: "00000000-019a0000-0000-7000-8000-000000000000", queueTry: 1, queueAddress: "worker:1" };
const whole = { inputUrl: "https://example.com/a.mp4", preset: "720p_h264" };
const withStorage = async (): Promise<Rules> => ({
  ...(await rules("records")),
  storages: new Map([["local", localStorage({ root: "/" })]]),
});

test("an order from a waiting room keeps its hand-over and its priority; others have none", async () => {
  const given = await withStorage();
  const order = acceptable(create(JobRequestSchema, { ...whole, ...offered, priority: "low" }), given);
  expect(order).toMatchObject({ jobId: offered.jobId, queueTry: 1, queueAddress: "worker:1", priority: "low" });
  const direct = acceptable(create(JobRequestSchema, { ...whole, jobId: "job-1", queueAddress: "worker:1" }), given);
  expect(Object.keys(direct)).not.toContainAnyValues(["queueTry", "queueAddress", "priority"]);
});

test("quality is measured as the order says, else as the preset does", async () => {
  const given = await withStorage();
  const [measured] = parsePresets(
    "name: mine\ndescription: Mine\nvideo:\n  codec: h264\n  renditions: [{ size: 240, crf: 30, maxrate: 500k, bufsize: 1000k }]\nmeasure: ssim\n",
    "mine.yaml",
  ).presets;
  const presets = new Map([...given.presets, ...(measured ? [[measured.name, measured] as const] : [])]);
  const measure = (of: object) =>
    acceptable(create(JobRequestSchema, { ...whole, jobId: "job-1", ...of }), { ...given, presets }).measure;
  expect(measure({})).toBeUndefined();
  expect(measure({ measure: "vmaf" })).toBe("vmaf");
  expect(measure({ preset: "mine" })).toBe("ssim");
  expect(measure({ preset: "mine", measure: "vmaf" })).toBe("vmaf");
});

test.each([
  ["measure", { measure: "psnr" }, "use vmaf or ssim"],
  ["preset", { preset: "audio_aac" }, "audio_aac cannot be measured: it makes no video"],
  ["preset", { preset: "poster" }, "it makes no video"],
  ["preset", { preset: "preview" }, "it makes no video"],
  ["preset", { preset: "hls_720p_aes128" }, "its segments are encrypted"],
  ["output.publish", { preset: "hls_720p", output: { publish: "progressive" } }, "before anything is shown"],
])("names the field %s of an order whose output cannot be measured", async (field, of, words) => {
  const given = await withStorage();
  const request = create(JobRequestSchema, { ...whole, jobId: "job-1", measure: "ssim", ...of });
  const fault = faultIn(() => acceptable(request, given));
  expect(fault).toMatchObject({ kind: "invalid", fields: [{ field }] });
  expect(fault?.message).toContain(words);
});

test("a quality is aimed at as the order says, else as the preset does", async () => {
  const given = await withStorage();
  const text =
    "name: mine\ndescription: Mine\nvideo:\n  codec: h264\n  renditions: [{ size: 240, crf: 30, maxrate: 500k, bufsize: 1000k }]\nquality: { vmaf: 88 }\n";
  const [aiming] = parsePresets(text, "mine.yaml").presets;
  const presets = new Map([...given.presets, ...(aiming ? [[aiming.name, aiming] as const] : [])]);
  const quality = (of: object) =>
    acceptable(create(JobRequestSchema, { ...whole, jobId: "job-1", ...of }), { ...given, presets }).quality;
  expect(quality({})).toBeUndefined();
  expect(quality({ quality: { vmaf: 93.5 } })).toEqual({ vmaf: 93.5 });
  expect(quality({ preset: "mine" })).toEqual({ vmaf: 88 });
  expect(quality({ preset: "mine", quality: { vmaf: 93 } })).toEqual({ vmaf: 93 });
});

test.each([
  ["quality.vmaf", { quality: {} }, "use a number from 30 to 97"],
  ["quality.vmaf", { quality: { vmaf: 97.1 } }, "use a number from 30 to 97"],
  ["preset", { preset: "audio_aac" }, "audio_aac cannot aim at a quality: it makes no video"],
  ["preset", { preset: "thumbnails" }, "it makes no video"],
])("names the field %s of an order whose quality cannot be aimed at", async (field, of, words) => {
  const request = create(JobRequestSchema, { ...whole, jobId: "job-1", quality: { vmaf: 93 }, ...of });
  const given = await withStorage();
  const fault = faultIn(() => acceptable(request, given));
  expect(fault).toMatchObject({ kind: "invalid", fields: [{ field }] });
  expect(fault?.message).toContain(words);
});

test.each([
  ["job_id", { ...offered, jobId: "1f2e3d4c-019a0000-0000-7000-8000-000000000000" }],
  ["queue_address", { ...offered, queueAddress: "" }],
  ["queue_address", { ...offered, queueAddress: "a".repeat(1_001) }],
  ["priority", { ...offered, priority: "urgent" }],
])("refuses an order from a waiting room whose %s is wrong", async (field, request) => {
  const given = await withStorage();
  const fault = faultIn(() => acceptable(create(JobRequestSchema, { ...whole, ...request }), given));
  expect(fault).toMatchObject({ kind: "invalid", fields: [{ field }] });
});

test("takes a clip as it is, and none that is no part or that arguments of a preset could not take", async () => {
  const given = await rules("records");
  const own = parsePresets("name: own\nextension: mp4\nffmpeg_args: [-c, copy]\ndescription: d\n", "own.yaml");
  const accept = (clip: { start: number; end?: number }, preset = "720p_h264") =>
    acceptable(create(JobRequestSchema, { jobId: "job-1", preset, clip }), {
      ...given,
      storages: new Map([["local", localStorage({ root: "/" })]]),
      presets: new Map([...given.presets, ...own.presets.map((one) => [one.name, one] as const)]),
    });
  const fieldsOf = (...of: Parameters<typeof accept>) => faultIn(() => accept(...of))?.fields.map(({ field }) => field);
  expect(accept({ start: 1.5, end: 3 }).clip).toEqual({ start: 1.5, end: 3 });
  expect(accept({ start: 1.5 }).clip).toEqual({ start: 1.5 });
  expect(fieldsOf({ start: 3, end: 3 })).toEqual(["clip.end"]);
  expect(fieldsOf({ start: -1 })).toEqual(["clip.start"]);
  expect(fieldsOf({ start: 1 }, "own")).toEqual(["clip"]);
});
