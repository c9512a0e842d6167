import { expect, test } from "bun:test";
import { readConfig } from "#controlplane/config.ts";
import { faultIn } from "#shared/fault.ts";

const base = { WORKER_NODES: "127.0.0.1:50051" };
const whole = { ...base, UPLOAD_STORAGE: "local", RECORD_STORAGE: "local", UPLOAD_SINGLE_CONTROL_PLANE: "true" };

test("takes no uploads unless it is told where they lie", () => {
  expect(readConfig(base)).toMatchObject({ uploads: undefined, storage: { uploads: undefined } });
  expect(readConfig(whole)).toMatchObject({
    uploads: { maxBytes: 20 * 2 ** 30, mostOpen: 100, expiryMs: 86_400_000 },
    storage: { uploads: { storage: "local", prefix: ".flux/uploads" } },
  });
  const queued = { ...whole, UPLOAD_SINGLE_CONTROL_PLANE: "false", QUEUE_URL: "sqlite:/tmp/queue.sqlite" };
  expect(readConfig(queued).uploads).toBeDefined();
});

test.each([
  ["another control plane could write at the same time", { UPLOAD_SINGLE_CONTROL_PLANE: "" }, "UPLOAD_STORAGE"],
  ["nobody tells when jobs have ended", { RECORD_STORAGE: "" }, "RECORD_STORAGE"],
  ["uploads would lie among the records", { UPLOAD_PREFIX: ".flux/jobs/uploads" }, "UPLOAD_PREFIX"],
  ["the storage cannot continue a file", { UPLOAD_STORAGE: "ftp", FTP_HOST: "ftp.example.com" }, "UPLOAD_STORAGE"],
  ["there is no bucket", { UPLOAD_STORAGE: "s3" }, "S3_BUCKET"],
])("is refused where %s", (_, settings, field) => {
  const fault = faultIn(() => readConfig({ ...whole, ...settings }));
  expect(fault?.fields.map((one) => one.field)).toEqual([field]);
});
