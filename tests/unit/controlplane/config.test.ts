import { expect, test } from "bun:test";
import { readConfig } from "#controlplane/config.ts";
import { Fault } from "#shared/fault.ts";

const key = "0123456789abcdef";

const wrong = (env: Record<string, string>) => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    return error instanceof Fault ? error.fields.map(({ field }) => field) : [String(error)];
  }
};

test("little is needed: without a key it listens on loopback", () => {
  expect(readConfig({ WORKER_NODES: "localhost:50051" })).toMatchObject({
    port: 8080,
    host: "127.0.0.1",
    workers: ["localhost:50051"],
    jobTimeoutMs: 3_600_000,
    startupTimeoutMs: 60_000,
    readsRecords: false,
  });
  expect(readConfig({ WORKER_NODES: "localhost:1", API_KEY: key }).host).toBe("0.0.0.0");
});

test("a token that is still a placeholder, or that a header cannot carry, is refused", () => {
  const WORKER_NODES = "localhost:1";
  for (const WORKER_TOKEN of ["<openssl rand -hex 16>", "<token>", "two words", "schlüssel", ""])
    expect(wrong({ WORKER_NODES, WORKER_TOKEN })).toEqual(WORKER_TOKEN === "" ? [] : ["WORKER_TOKEN"]);
  expect(wrong({ WORKER_NODES, WORKER_TOKEN: "aZ0~!:;=?@+/_-" })).toEqual([]);
});

test("addresses are written in one way", () => {
  const WORKER_NODES = " LOCALHOST:1 ,https://Worker.Example.com:443/, [::1]:2,";
  expect(readConfig({ WORKER_NODES }).workers).toEqual(["localhost:1", "https://worker.example.com:443", "[::1]:2"]);
});

test.each([
  [["WORKER_NODES"], {}],
  [["WORKER_NODES"], { WORKER_NODES: " , " }],
  [["WORKER_NODES"], { WORKER_NODES: "worker" }],
  [["WORKER_NODES"], { WORKER_NODES: "http://worker:1", INSECURE_GRPC: "true" }],
  [["WORKER_NODES"], { WORKER_NODES: "localhost:1,LOCALHOST:1" }],
  [["WORKER_NODES"], { WORKER_NODES: "10.0.0.1:50051" }],
  [[], { WORKER_NODES: "10.0.0.1:50051", INSECURE_GRPC: "true" }],
  [[], { WORKER_NODES: "https://10.0.0.1:50051" }],
  [["WORKER_NODES"], { WORKER_NODES: "srv://_grpc._tcp.example.com" }],
  [[], { WORKER_NODES: "srv://_grpc._tcp.example.com", INSECURE_GRPC: "true" }],
  [[], { WORKER_NODES: "srv+https://_grpc._tcp.Example.com, https://10.0.0.1:50051" }],
  [[], { WORKER_NODES: "srv://_grpc._tcp.localhost,localhost:1" }],
  [["WORKER_NODES"], { WORKER_NODES: "srv://_grpc._tcp.a.localhost" }],
  [["WORKER_NODES"], { WORKER_NODES: "srv://worker.example.com", INSECURE_GRPC: "true" }],
  [["WORKER_NODES"], { WORKER_NODES: "srv+https://_grpc._tcp.example.com,srv+https://_grpc._tcp.example.com" }],
  [["API_KEY"], { WORKER_NODES: "localhost:1", API_KEY: "short" }],
  [["API_KEY"], { WORKER_NODES: "localhost:1", API_KEY: `${key},short` }],
  [["API_KEY"], { WORKER_NODES: "localhost:1", HOST: "0.0.0.0" }],
  [[], { WORKER_NODES: "localhost:1", HOST: "0.0.0.0", API_KEYS_FILE: "keys.yaml" }],
  [["JWT_AUDIENCE", "JWT_JWKS_URL"], { WORKER_NODES: "localhost:1", JWT_ISSUER: "https://example.com" }],
  [["JWT_JWKS_URL"], { WORKER_NODES: "localhost:1", ...jwt(), JWT_JWKS_URL: "http://example.com/keys" }],
  [[], { WORKER_NODES: "localhost:1", HOST: "0.0.0.0", ...jwt() }],
  [["RATE_LIMIT"], { WORKER_NODES: "localhost:1", RATE_LIMIT: "60" }],
  [["TRUSTED_PROXIES"], { WORKER_NODES: "localhost:1", TRUSTED_PROXIES: "everyone" }],
  [["GRPC_TLS_KEY"], { WORKER_NODES: "localhost:1", GRPC_TLS_CERT: "cert.pem" }],
  [[], { WORKER_NODES: "localhost:1", GRPC_TLS_CA: "ca.pem" }],
  [["S3_BUCKET"], { WORKER_NODES: "localhost:1", RECORD_STORAGE: "s3" }],
  [["JOB_TIMEOUT"], { WORKER_NODES: "localhost:1", JOB_TIMEOUT: "30d" }],
  [["PORT", "JOB_TIMEOUT", "LOG_LEVEL", "API_KEY"], { ...bad() }],
])("says that %p is wrong", (fields, env) => {
  expect(wrong(env)).toEqual(fields);
});

function jwt() {
  return { JWT_ISSUER: "https://example.com", JWT_AUDIENCE: "a", JWT_JWKS_URL: "https://example.com/keys" };
}

function bad() {
  return { WORKER_NODES: "localhost:1", PORT: "x", JOB_TIMEOUT: "5", LOG_LEVEL: "loud", HOST: "0.0.0.0" };
}
