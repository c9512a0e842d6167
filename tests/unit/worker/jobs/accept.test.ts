import { expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { JobRequestSchema } from "#proto/worker/v1/worker_pb.js";
import { faultIn, invalidField } from "#shared/fault.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { acceptable, type Rules } from "#worker/jobs/accept.ts";
import { loadPresets } from "#worker/presets/load.ts";

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
