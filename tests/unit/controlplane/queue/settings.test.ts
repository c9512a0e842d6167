import { expect, test } from "bun:test";
import { readConfig } from "#controlplane/config.ts";
import { Fault } from "#shared/fault.ts";

const secret = "0123456789abcdef";

/** The names of the settings that are complained of. */
function complaints(settings: Record<string, string>) {
  try {
    readConfig({ WORKER_NODES: "127.0.0.1:50051", ...settings });
    return [];
  } catch (error) {
    if (error instanceof Fault) return error.fields.map(({ field }) => field);
    throw error;
  }
}

const records = { RECORD_STORAGE: "local" };
const sqlite = "sqlite:/var/lib/flux/orders.sqlite";

test("a waiting room needs records in a storage that can refuse the second of two who create a file", () => {
  const s3 = { RECORD_STORAGE: "s3", S3_BUCKET: "media", S3_REGION: "auto" };
  const ftp = { RECORD_STORAGE: "ftp", FTP_HOST: "ftp.example.com", FTP_USER: "a", FTP_PASSWORD: "b" };
  expect(complaints({ QUEUE_URL: sqlite })).toEqual(["RECORD_STORAGE"]);
  expect(complaints({ QUEUE_URL: sqlite, ...ftp })).toEqual(["RECORD_STORAGE"]);
  expect(complaints({ QUEUE_URL: sqlite, ...records })).toEqual([]);
  expect(complaints({ QUEUE_URL: sqlite, ...s3 })).toEqual([]);
  expect(complaints(ftp)).toEqual([]);
});

test.each([
  ["redis://127.0.0.1:6379", []],
  ["redis://[::1]:6379", []],
  ["redis://localhost:6379", []],
  ["redis://redis.example.com:6379", ["QUEUE_SECRET"]],
  ["rediss://redis.example.com", ["QUEUE_SECRET"]],
  ["redis://10.0.0.5:6379", ["QUEUE_SECRET"]],
])("%s without a secret: %j", (url, expected) => {
  expect(complaints({ QUEUE_URL: url, ...records })).toEqual(expected);
  expect(complaints({ QUEUE_URL: url, QUEUE_SECRET: secret, ...records })).toEqual([]);
});

test.each(["redis", "http://127.0.0.1:6379", "http://redis.example.com", "sqlite:", "redis://"])(
  "QUEUE_URL=%s is none",
  (url) => {
    expect(complaints({ QUEUE_URL: url, ...records })).toEqual(["QUEUE_URL"]);
  },
);

test("secrets have 16 characters or more, each of them, and keep their order", () => {
  expect(complaints({ QUEUE_URL: sqlite, QUEUE_SECRET: `${secret},short`, ...records })).toEqual(["QUEUE_SECRET"]);
  const newest = "fedcba9876543210";
  const env = { WORKER_NODES: "127.0.0.1:50051", QUEUE_URL: sqlite, QUEUE_SECRET: `${newest},${secret}`, ...records };
  expect(readConfig(env).queue.secrets).toEqual([newest, secret]);
});
