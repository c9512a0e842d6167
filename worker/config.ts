import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import * as v from "valibot";
import { idempotencySecret } from "#shared/claims.ts";
import { duration, type Env, flag, list, parseEnv, percentage, port, setting, size, wholeNumber } from "#shared/env.ts";
import { isLoopback } from "#shared/net/loopback.ts";
import { longOverMs } from "#shared/outcomes/remove-record.ts";
import { checkTls, tlsFiles, tlsSettings } from "#shared/rpc/tls-settings.ts";
import { commonSettings } from "#shared/settings.ts";
import { checkStorage, key, storageConfig, storageSettings } from "#shared/storage/settings.ts";
import { tracingConfig } from "#shared/tracing/settings.ts";
import { webhookSecrets } from "#shared/webhooks/signing.ts";
import { sandboxes } from "#worker/sandbox/open-sandbox.ts";

/** What a worker reads from its environment. */
export const WorkerEnv = v.object({
  GRPC_PORT: setting("port of the gRPC server; 0: any free one", port, "50051"),
  GRPC_HOST: setting("address that the gRPC server listens on", v.string(), "127.0.0.1"),
  MAX_CONCURRENT_JOBS: setting("jobs at a time; default: half the cores, at least 1", wholeNumber(1, 1_000)),
  WORK_DIR: setting(
    "sources, outputs and orders of running jobs, in its folder .flux-worker; one directory a worker",
    v.string(),
    "/tmp/ffmpeg-jobs",
  ),
  ...storageSettings,
  RECORD_RETENTION: setting(
    "how long records, and what belongs to them, are kept after the end of their jobs, 3d or more: a worker removes older ones once a day; unset: for ever",
    v.pipe(duration, v.minValue(longOverMs, "use 3d or more: until then, repeats of orders and webhooks need records")),
  ),
  UPLOAD_CONCURRENCY: setting("files of one output that are uploaded at a time", wholeNumber(1, 64), "4"),
  KEEP_LOCAL: setting("keeps delivered segments on the worker's disk until the job ends", flag, "false"),
  KEEP_UNDELIVERED: setting(
    "how long an encoded output waits for a retry when its delivery failed; 0s: not at all",
    duration,
    "24h",
  ),
  KEEP_UNDELIVERED_SIZE: setting("how much of them is kept; the oldest go first", size, "20GiB"),
  VERIFY: setting(
    "how outputs are checked before they are shown: plan holds them against what was planned, cheap a few of their pictures against the source's as well, full decodes all of them besides",
    v.picklist(["plan", "cheap", "full"], "write plan, cheap or full"),
    "cheap",
  ),
  HLS_KEY: setting(
    "key of presets that encrypt; unset: a new one for each job, delivered to HLS_KEY_FOLDER",
    v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/i, "write 16 bytes as 32 hex digits")),
  ),
  HLS_KEY_URI: setting("where players get HLS_KEY", v.string()),
  HLS_KEY_FOLDER: setting("folder below the output's path for new keys, apart from the media", key, "keys"),
  AUTO_STOP: setting("whether the worker exits by itself when it has no work", flag, "true"),
  IDLE_GRACE: setting("wait for more work after the last job", duration, "1s"),
  IDLE_TIMEOUT: setting("wait for the first job", duration, "60s"),
  DRAIN_TIMEOUT: setting(
    "how long running jobs may go on after SIGTERM, before they are stopped to run again later",
    duration,
    "25s",
  ),
  MAX_ATTEMPTS: setting("crashes of the worker after which a job fails", wholeNumber(1, 100), "3"),
  SPLIT_SECONDS: setting(
    "encodes longer films in pieces of about so many seconds and keeps each, so that a crash or a drain loses at most one; unset: one encode",
    wholeNumber(2, 3_600),
  ),
  STALL_TIMEOUT: setting("ends an ffmpeg that makes no progress for so long", duration, "120s"),
  MAX_SOURCE_DAMAGE: setting(
    "share of a source's pictures or sound that may be impossible to decode: a job that finds more fails, one that finds less says so in its final event",
    percentage,
    "1%",
  ),
  SANDBOX: setting(
    "what confines ffmpeg: bwrap (bubblewrap), none, or auto: bwrap where it works",
    v.picklist(sandboxes, `write ${sandboxes.join(", ")}`),
    "auto",
  ),
  MAX_OUTPUT_SIZE: setting("ffmpeg is ended when it writes a larger file", size, "100GiB"),
  JOB_MEMORY: setting(
    "memory that must be left for a job to be taken beside others; more for 4K; 0B: not looked at",
    size,
    "512MiB",
  ),
  MAX_SOURCE_SIZE: setting("larger sources are refused", size, "20GiB"),
  MIN_SOURCE_SPEED: setting("sources that send less in a second, averaged over a minute, are given up", size, "1KiB"),
  MIN_FREE_DISK: setting("stays free on the disk of WORK_DIR: sources that need it are refused", size, "512MiB"),
  S3_INPUT_BUCKETS: setting("buckets that inputs such as s3://bucket/key may come from, comma separated", list, ""),
  WEBHOOK_SECRETS: setting(
    "what webhooks are signed with, newest first, comma separated: `flux webhooks secret` makes one",
    webhookSecrets,
    "",
  ),
  WEBHOOK_PATIENCE: setting(
    "how long a worker stays up to try a webhook again before it leaves it for later",
    duration,
    "60s",
  ),
  IDEMPOTENCY_SECRET: setting(
    "hides idempotency keys from who can read the records, the same for all workers; unset: a bare hash",
    idempotencySecret,
    "",
  ),
  SIGNING_KEY: setting(
    "Ed25519 private key in PEM, or the file that holds it: each completed job then leaves a signed certificate beside its record; unset: none",
    v.string(),
  ),
  METRICS_PORT: setting("port of /metrics for a Prometheus; unset: only the control plane hands the metrics on", port),
  METRICS_HOST: setting("address that /metrics listens on", v.string(), "127.0.0.1"),
  METRICS_TOKEN: setting("bearer token that /metrics asks for", v.string()),
  PRICE_PER_WORKER_HOUR: setting(
    "what this worker costs an hour, in any currency: receipts then say each job's `cost`",
    v.pipe(
      v.string(),
      v.regex(/^\d+(\.\d+)?$/, "write an amount such as 0.6, without a currency"),
      v.transform(Number),
    ),
  ),
  PRESETS_DIR: setting("folder of your own presets (YAML)", v.string()),
  ...tlsSettings,
  ...commonSettings,
});

const checkHost = v.forward(
  v.check<v.InferOutput<typeof WorkerEnv>, string>(
    ({ GRPC_HOST, GRPC_TLS_CERT, INSECURE_GRPC }) =>
      INSECURE_GRPC || GRPC_TLS_CERT !== undefined || isLoopback(GRPC_HOST),
    "listens beyond this machine without TLS: set GRPC_TLS_CERT, or INSECURE_GRPC=true if the network is private",
  ),
  ["GRPC_HOST"],
);

const checkKey = v.forward(
  v.check<v.InferOutput<typeof WorkerEnv>, string>(
    ({ HLS_KEY, HLS_KEY_URI }) => (HLS_KEY === undefined) === (HLS_KEY_URI === undefined),
    "HLS_KEY and HLS_KEY_URI go together: the key, and where players get it",
  ),
  ["HLS_KEY_URI"],
);

export type Config = ReturnType<typeof readConfig>;

export function readConfig(env: Env) {
  const parsed = parseEnv(v.pipe(WorkerEnv, checkStorage(), checkTls({ needsCert: true }), checkHost, checkKey), env);
  return {
    host: parsed.GRPC_HOST,
    port: parsed.GRPC_PORT,
    /** Whether gRPC may be in the clear beyond this machine. */
    isInsecure: parsed.INSECURE_GRPC,
    token: parsed.WORKER_TOKEN,
    tls: tlsFiles(parsed),
    maxConcurrentJobs: parsed.MAX_CONCURRENT_JOBS ?? Math.max(1, Math.floor(availableParallelism() / 2)),
    workDir: resolve(parsed.WORK_DIR),
    storage: storageConfig(parsed),
    recordRetentionMs: parsed.RECORD_RETENTION,
    delivery: { concurrency: parsed.UPLOAD_CONCURRENCY, keepLocal: parsed.KEEP_LOCAL || parsed.VERIFY === "full" },
    retained: { maxAgeMs: parsed.KEEP_UNDELIVERED, maxBytes: parsed.KEEP_UNDELIVERED_SIZE },
    verification: parsed.VERIFY,
    keys: {
      given: parsed.HLS_KEY && parsed.HLS_KEY_URI ? { hex: parsed.HLS_KEY, uri: parsed.HLS_KEY_URI } : undefined,
      folder: parsed.HLS_KEY_FOLDER,
    },
    /** Whether a worker without work stops at all. */
    autoStop: parsed.AUTO_STOP,
    /** How long to wait for more work after the last job. */
    idleGraceMs: parsed.IDLE_GRACE,
    /** How long to wait for the first job. */
    idleTimeoutMs: parsed.IDLE_TIMEOUT,
    drainTimeoutMs: parsed.DRAIN_TIMEOUT,
    maxAttempts: parsed.MAX_ATTEMPTS,
    stallMs: parsed.STALL_TIMEOUT,
    splitSeconds: parsed.SPLIT_SECONDS,
    mostDamage: parsed.MAX_SOURCE_DAMAGE,
    sandbox: parsed.SANDBOX,
    maxOutputBytes: parsed.MAX_OUTPUT_SIZE,
    jobMemoryBytes: parsed.JOB_MEMORY,
    source: {
      schemes: ["https", "http"],
      allowedCidrs: parsed.ALLOWED_PRIVATE_CIDRS,
      hosts: parsed.INPUT_HOSTS,
      maxBytes: parsed.MAX_SOURCE_SIZE,
      minBytesPerSecond: parsed.MIN_SOURCE_SPEED,
      diskSpace: { reserveBytes: parsed.MIN_FREE_DISK },
      buckets: parsed.S3_INPUT_BUCKETS,
      client: {
        region: parsed.S3_REGION,
        endpoint: parsed.S3_ENDPOINT,
        forcePathStyle: parsed.S3_FORCE_PATH_STYLE,
      },
    },
    webhooks: { secrets: parsed.WEBHOOK_SECRETS, patienceMs: parsed.WEBHOOK_PATIENCE },
    idempotencySecret: parsed.IDEMPOTENCY_SECRET,
    /** The key of certificates in PEM, or its file. */
    signingKey: parsed.SIGNING_KEY,
    metrics:
      parsed.METRICS_PORT === undefined
        ? undefined
        : { host: parsed.METRICS_HOST, port: parsed.METRICS_PORT, token: parsed.METRICS_TOKEN },
    pricePerHour: parsed.PRICE_PER_WORKER_HOUR,
    presetsDir: parsed.PRESETS_DIR,
    tracing: tracingConfig(parsed, "flux-worker"),
    logLevel: parsed.LOG_LEVEL,
  };
}
