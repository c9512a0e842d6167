import { expect, test } from "bun:test";
import { readConfig as readControlplane } from "#controlplane/config.ts";
import { toFault } from "#shared/fault.ts";
import { settingAdvice } from "#shared/setting-advice.ts";
import { readConfig as readWorker } from "#worker/config.ts";

test.each([
  ["worker", "MAX_CONCURENT_JOBS", "MAX_CONCURRENT_JOBS"],
  ["worker", "S3_BUKET", "S3_BUCKET"],
  ["worker", "S3_BUCKET_NAME", "S3_BUCKET"],
  ["worker", "WORKDIR", "WORK_DIR"],
  ["controlplane", "API_KEYS", "API_KEY"],
  ["controlplane", "WORKER_NODE", "WORKER_NODES"],
] as const)("at a %s %s is almost %s", (part, name, nearest) => {
  expect(settingAdvice(part, { [name]: "1" })).toEqual([`${name} is no setting: is ${nearest} meant?`]);
});

test("what the other part reads is said to be the other's, and what both read is nothing to speak of", () => {
  expect(settingAdvice("worker", { JOB_TIMEOUT: "60s" })).toEqual([
    "JOB_TIMEOUT is a setting of the control plane: it does nothing here",
  ]);
  expect(settingAdvice("controlplane", { WORK_DIR: "/tmp" })).toEqual([
    "WORK_DIR is a setting of the worker: it does nothing here",
  ]);
  expect(settingAdvice("worker", { WORKER_TOKEN: "a", S3_BUCKET: "b", S3_BUKET: "" })).toEqual([]);
});

test("what machines have in their environments is left alone", () => {
  const usual = {
    HOME: "/root",
    HOSTNAME: "a",
    PATH: "/bin",
    PWD: "/",
    SHLVL: "1",
    TERM: "xterm",
    LANG: "C",
    USER: "a",
    LOGNAME: "a",
    MAIL: "/var/mail/a",
    EDITOR: "vi",
    TZ: "UTC",
    AWS_REGION: "us-east-1",
    AWS_PROFILE: "a",
    OTEL_TRACES_SAMPLER: "always_on",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    GRPC_TRACE: "all",
    GRPC_VERBOSITY: "DEBUG",
    WORKER_SERVICE_HOST: "10.0.0.1",
    WORKER_PORT: "tcp://10.0.0.1:50051",
    KUBERNETES_PORT: "tcp://10.0.0.1:443",
    CI: "true",
    http_proxy: "http://proxy:1",
  };
  expect(settingAdvice("worker", usual)).toEqual([]);
  expect(settingAdvice("controlplane", usual)).toEqual([]);
});

const said = (read: () => unknown) => {
  try {
    read();
    return "";
  } catch (error) {
    return toFault(error).message;
  }
};

test("a wrong value is quoted with what would be right, and a comment after it is named", () => {
  expect(said(() => readWorker({ GRPC_PORT: "99999" }))).toBe(
    'GRPC_PORT: write a whole number from 0 to 65535; it is "99999"',
  );
  const commented = said(() => readWorker({ STORAGE_TYPE: "s3 # or local", GRPC_PORT: "50051 # gRPC" }));
  expect(commented).toContain('STORAGE_TYPE: write local, s3 or ftp; it is "s3 # or local", and what follows #');
  expect(commented).toContain('it is "50051 # gRPC", and what follows #');
  expect(settingAdvice("worker", { WORK_DIR: "/tmp/jobs # scratch" })).toEqual([
    'WORK_DIR is "/tmp/jobs # scratch": what follows # belongs to the value: put comments on lines of their own',
  ]);
});

test("nothing secret is quoted", () => {
  const WORKER_NODES = "localhost:1";
  const secret = "a secret";
  for (const env of [{ API_KEY: "short # key" }, { WORKER_TOKEN: secret }, { OTEL_EXPORTER_OTLP_HEADERS: secret }]) {
    const message = said(() => readControlplane({ WORKER_NODES, ...env }));
    expect(message).not.toBe("");
    expect(message).not.toMatch(/secret|short/);
  }
  expect(said(() => readWorker({ WEBHOOK_SECRETS: secret, IDEMPOTENCY_SECRET: "short" }))).not.toMatch(
    /a secret|short/,
  );
  expect(said(() => readWorker({ S3_ENDPOINT: "ftp://user:pass@host" }))).toContain('"ftp://...@host"');
  expect(settingAdvice("worker", { FTP_PASSWORD: "one #1" })).toEqual([]);
});
