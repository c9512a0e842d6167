import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import * as v from "valibot";
import { duration, type Env, flag, list, parseEnv, percentage, port, size, wholeNumber } from "#shared/env.ts";
import { isLoopback } from "#shared/net/loopback.ts";
import { checkTls, tlsFiles, tlsSettings } from "#shared/rpc/tls-settings.ts";
import { commonSettings } from "#shared/settings.ts";
import { checkStorage, key, storageConfig, storageSettings } from "#shared/storage/settings.ts";
import { tracingConfig } from "#shared/tracing/settings.ts";
import { sandboxes } from "#worker/sandbox/open-sandbox.ts";
import { webhookSecrets } from "./webhooks/signing.ts";

/** What a worker reads from its environment. */
export const WorkerEnv = v.object({
  GRPC_PORT: v.pipe(v.optional(port, "50051"), v.description("port of the gRPC server; 0: any free one")),
  GRPC_HOST: v.pipe(v.optional(v.string(), "127.0.0.1"), v.description("address that the gRPC server listens on")),
  MAX_CONCURRENT_JOBS: v.pipe(
    v.optional(wholeNumber(1, 1_000)),
    v.description("jobs at a time; default: half the cores, at least 1"),
  ),
  WORK_DIR: v.pipe(
    v.optional(v.string(), "/tmp/ffmpeg-jobs"),
    v.description("sources, outputs and orders of running jobs, in its folder .flux-worker; one directory a worker"),
  ),
  ...storageSettings,
  UPLOAD_CONCURRENCY: v.pipe(
    v.optional(wholeNumber(1, 64), "4"),
    v.description("files of one output that are uploaded at a time"),
  ),
  KEEP_LOCAL: v.pipe(
    v.optional(flag, "false"),
    v.description("keeps delivered segments on the worker's disk until the job ends"),
  ),
  KEEP_UNDELIVERED: v.pipe(
    v.optional(duration, "24h"),
    v.description("how long an encoded output waits for a retry when its delivery failed; 0s: not at all"),
  ),
  KEEP_UNDELIVERED_SIZE: v.pipe(
    v.optional(size, "20GiB"),
    v.description("how much of them is kept; the oldest go first"),
  ),
  VERIFY: v.pipe(
    v.optional(v.picklist(["cheap", "full"], "write cheap or full"), "cheap"),
    v.description("how outputs are checked before they are shown; full decodes all of them"),
  ),
  HLS_KEY: v.pipe(
    v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/i, "write 16 bytes as 32 hex digits"))),
    v.description("key of presets that encrypt; unset: a new one for each job, delivered to HLS_KEY_FOLDER"),
  ),
  HLS_KEY_URI: v.pipe(v.optional(v.string()), v.description("where players get HLS_KEY")),
  HLS_KEY_FOLDER: v.pipe(
    v.optional(key, "keys"),
    v.description("folder below the output's path for new keys, apart from the media"),
  ),
  AUTO_STOP: v.pipe(v.optional(flag, "true"), v.description("whether the worker exits by itself when it has no work")),
  IDLE_GRACE: v.pipe(v.optional(duration, "1s"), v.description("wait for more work after the last job")),
  IDLE_TIMEOUT: v.pipe(v.optional(duration, "60s"), v.description("wait for the first job")),
  DRAIN_TIMEOUT: v.pipe(
    v.optional(duration, "25s"),
    v.description("how long running jobs may go on after SIGTERM, before they are stopped to run again later"),
  ),
  MAX_ATTEMPTS: v.pipe(
    v.optional(wholeNumber(1, 100), "3"),
    v.description("crashes of the worker after which a job fails"),
  ),
  STALL_TIMEOUT: v.pipe(
    v.optional(duration, "120s"),
    v.description("ends an ffmpeg that makes no progress for so long"),
  ),
  MAX_SOURCE_DAMAGE: v.pipe(
    v.optional(percentage, "1%"),
    v.description(
      "share of a source's pictures or sound that may be impossible to decode: a job that finds more fails, one that finds less says so in its final event",
    ),
  ),
  SANDBOX: v.pipe(
    v.optional(v.picklist(sandboxes, `write ${sandboxes.join(", ")}`), "auto"),
    v.description("what confines ffmpeg: bwrap (bubblewrap), none, or auto: bwrap where it works"),
  ),
  MAX_OUTPUT_SIZE: v.pipe(v.optional(size, "100GiB"), v.description("ffmpeg is ended when it writes a larger file")),
  JOB_MEMORY: v.pipe(
    v.optional(size, "512MiB"),
    v.description("memory that must be left for a job to be taken beside others; more for 4K; 0B: not looked at"),
  ),
  MAX_SOURCE_SIZE: v.pipe(v.optional(size, "20GiB"), v.description("larger sources are refused")),
  MIN_SOURCE_SPEED: v.pipe(
    v.optional(size, "1KiB"),
    v.description("sources that send less in a second, averaged over a minute, are given up"),
  ),
  MIN_FREE_DISK: v.pipe(
    v.optional(size, "512MiB"),
    v.description("what must stay free on the disk of WORK_DIR; sources that need it are refused"),
  ),
  S3_INPUT_BUCKETS: v.pipe(
    v.optional(list, ""),
    v.description("buckets that inputs such as s3://bucket/key may come from, comma separated"),
  ),
  WEBHOOK_SECRETS: v.pipe(
    v.optional(webhookSecrets, ""),
    v.description("what webhooks are signed with, newest first, comma separated: `flux webhooks secret` makes one"),
  ),
  WEBHOOK_PATIENCE: v.pipe(
    v.optional(duration, "60s"),
    v.description("how long a worker stays up to try a webhook again before it leaves it for later"),
  ),
  IDEMPOTENCY_SECRET: v.pipe(
    v.optional(v.union([v.literal(""), v.pipe(v.string(), v.minLength(16, "use at least 16 characters"))]), ""),
    v.description("hides idempotency keys from who can read the records, the same for all workers; unset: a bare hash"),
  ),
  METRICS_PORT: v.pipe(
    v.optional(port),
    v.description("port of /metrics for a Prometheus; unset: only the control plane hands the metrics on"),
  ),
  METRICS_HOST: v.pipe(v.optional(v.string(), "127.0.0.1"), v.description("address that /metrics listens on")),
  METRICS_TOKEN: v.pipe(v.optional(v.string()), v.description("bearer token that /metrics asks for")),
  PRICE_PER_WORKER_HOUR: v.pipe(
    v.optional(
      v.pipe(
        v.string(),
        v.regex(/^\d+(\.\d+)?$/, "write an amount such as 0.6, without a currency"),
        v.transform(Number),
      ),
    ),
    v.description("what this worker costs an hour, in any currency: receipts then say each job's `cost`"),
  ),
  PRESETS_DIR: v.pipe(v.optional(v.string()), v.description("folder of your own presets (YAML)")),
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
    delivery: { concurrency: parsed.UPLOAD_CONCURRENCY, keepLocal: parsed.KEEP_LOCAL || parsed.VERIFY === "full" },
    retained: { maxAgeMs: parsed.KEEP_UNDELIVERED, maxBytes: parsed.KEEP_UNDELIVERED_SIZE },
    verifyFull: parsed.VERIFY === "full",
    keys: {
      given: parsed.HLS_KEY && parsed.HLS_KEY_URI ? { hex: parsed.HLS_KEY, uri: parsed.HLS_KEY_URI } : undefined,
      folder: parsed.HLS_KEY_FOLDER,
    },
    autoStop: parsed.AUTO_STOP,
    idleGraceMs: parsed.IDLE_GRACE,
    idleTimeoutMs: parsed.IDLE_TIMEOUT,
    drainTimeoutMs: parsed.DRAIN_TIMEOUT,
    maxAttempts: parsed.MAX_ATTEMPTS,
    stallMs: parsed.STALL_TIMEOUT,
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
