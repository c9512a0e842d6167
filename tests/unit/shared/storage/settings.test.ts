import { expect, test } from "bun:test";
import * as v from "valibot";
import { type Env, parseEnv, port } from "#shared/env.ts";
import { openStorages } from "#shared/storage/kinds.ts";
import { checkStorage, recordStorage, storageConfig, storageSettings } from "#shared/storage/settings.ts";

const Whole = v.pipe(v.object({ PORT: v.optional(port, "8080"), ...storageSettings }), checkStorage());
const read = (env: Env) => storageConfig(parseEnv(Whole, env));

function fieldsOf(env: Env) {
  try {
    parseEnv(Whole, env);
    return [];
  } catch (error) {
    return error instanceof Object && "fields" in error ? error.fields : error;
  }
}

test("uses a local folder when nothing is set", () => {
  const config = read({});
  expect(config).toMatchObject({
    default: "local",
    local: { root: "./out" },
    s3: undefined,
    records: "local",
    recordPrefix: ".flux/jobs",
  });
  expect([...openStorages(config).keys()]).toEqual(["local"]);
});

test("opens s3 beside local when there is a bucket, and keeps records in the default storage", () => {
  const config = read({ STORAGE_TYPE: "s3", S3_BUCKET: "media", S3_PUBLIC_URL: "https://cdn.example.com" });
  const storages = openStorages(config);
  expect([...storages.keys()]).toEqual(["local", "s3"]);
  expect(recordStorage(config, storages)).toBe(storages.get("s3") ?? expect.unreachable());
  expect(storages.get("s3")?.urlOf("a.mp4")).toBe("https://cdn.example.com/a.mp4");
});

test("opens ftp, with TLS unless told otherwise", () => {
  const config = read({ STORAGE_TYPE: "ftp", FTP_HOST: "ftp.example.com", FTP_ROOT: "/media" });
  expect(config.ftp).toMatchObject({ secure: "explicit", connections: 4 });
  const storages = openStorages(config);
  expect([...storages.keys()]).toEqual(["local", "ftp"]);
  expect(recordStorage(config, storages).urlOf("a b.mp4")).toBe("ftp://ftp.example.com/media/a%20b.mp4");
});

test("keeps records elsewhere when told", () => {
  const config = read({ STORAGE_TYPE: "s3", S3_BUCKET: "media", RECORD_STORAGE: "local" });
  const storages = openStorages(config);
  expect(recordStorage(config, storages)).toBe(storages.get("local") ?? expect.unreachable());
});

test.each([
  [{ STORAGE_TYPE: "s3" }, "S3_BUCKET", "is required when STORAGE_TYPE or RECORD_STORAGE is s3"],
  [{ RECORD_STORAGE: "s3" }, "S3_BUCKET", "is required when STORAGE_TYPE or RECORD_STORAGE is s3"],
  [{ STORAGE_TYPE: "ftp" }, "FTP_HOST", "is required when STORAGE_TYPE or RECORD_STORAGE is ftp"],
  [{ RECORD_STORAGE: "ftp" }, "FTP_HOST", "is required when STORAGE_TYPE or RECORD_STORAGE is ftp"],
  [{ FTP_HOST: "ftp.example.com", FTP_SECURE: "tls" }, "FTP_SECURE", "write explicit, implicit or none"],
  [{ FTP_HOST: "a", FTP_SECURE: "none", FTP_CA: "ca.pem" }, "FTP_CA", "has no use with FTP_SECURE=none"],
  [{ STORAGE_TYPE: "tape" }, "STORAGE_TYPE", "write local, s3 or ftp"],
  [{ S3_ENDPOINT: "minio:9000" }, "S3_ENDPOINT", "write a URL such as https://media.example.com"],
  [{ LOCAL_PUBLIC_URL: "ftp://a" }, "LOCAL_PUBLIC_URL", "write a URL such as https://media.example.com"],
  [{ RECORD_PREFIX: "../jobs" }, "RECORD_PREFIX", "must not contain . or .. as a segment"],
  [
    { S3_ACCELERATE: "true", S3_ENDPOINT: "http://minio:9000" },
    "S3_ACCELERATE",
    "works on AWS only: it cannot be combined with S3_ENDPOINT",
  ],
  [
    { S3_ACCELERATE: "true", S3_FORCE_PATH_STYLE: "true" },
    "S3_ACCELERATE",
    "cannot be combined with S3_FORCE_PATH_STYLE",
  ],
])("of %j names the variable %s and what is wrong", (env, field, message) => {
  expect(fieldsOf(env)).toEqual([{ field, message: expect.stringContaining(message) }]);
});

test("reports mistakes between settings together with those of others", () => {
  const fields = fieldsOf({ PORT: "x", STORAGE_TYPE: "s3", S3_ACCELERATE: "true", S3_ENDPOINT: "http://minio:9000" });
  expect(fields).toEqual([
    { field: "PORT", message: 'write a whole number from 0 to 65535; it is "x"' },
    { field: "S3_BUCKET", message: expect.any(String) },
    { field: "S3_ACCELERATE", message: expect.any(String) },
  ]);
});

test("describes every setting", () => {
  for (const setting of Object.values(storageSettings)) expect(v.getDescription(setting)).toMatch(/\w/);
});
