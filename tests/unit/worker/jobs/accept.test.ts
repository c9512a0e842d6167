import { expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { JobRequestSchema } from "#proto/worker/v1/worker_pb.js";
import { acceptable, type Rules } from "#worker/jobs/accept.ts";
import { loadPresets } from "#worker/presets/load.ts";

const rules = async (recordPrefix: string): Promise<Rules> => ({
  presets: await loadPresets(undefined),
  storages: new Map(),
  defaultStorage: "local",
  recordPrefix,
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
