import { availableParallelism } from "node:os";
import * as v from "valibot";
import { duration, type Env, flag, parseEnv, port, size, wholeNumber } from "#shared/env.ts";
import { logLevels } from "#shared/log.ts";
import { cidrs } from "#shared/net/addresses.ts";
import { isLoopback } from "#shared/net/loopback.ts";
import { checkStorage, storageConfig, storageSettings } from "#shared/storage/settings.ts";

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
    v.description("sources, outputs and orders of running jobs; one directory a worker"),
  ),
  ...storageSettings,
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
  MAX_SOURCE_SIZE: v.pipe(v.optional(size, "20GiB"), v.description("larger sources are refused")),
  ALLOWED_PRIVATE_CIDRS: v.pipe(
    v.optional(cidrs, ""),
    v.description("networks that are not public and may be an input, comma separated; metadata services never may"),
  ),
  PRESETS_DIR: v.pipe(v.optional(v.string()), v.description("folder of your own presets (YAML)")),
  WORKER_TOKEN: v.pipe(v.optional(v.string()), v.description("what every gRPC call must carry as its bearer token")),
  INSECURE_GRPC: v.pipe(
    v.optional(flag, "false"),
    v.description("allows gRPC without TLS beyond loopback, for a private network"),
  ),
  LOG_LEVEL: v.pipe(
    v.optional(v.picklist(logLevels), "info"),
    v.description("fatal, error, warn, info, debug or trace"),
  ),
});

const checkHost = v.forward(
  v.check<v.InferOutput<typeof WorkerEnv>, string>(
    ({ GRPC_HOST, INSECURE_GRPC }) => INSECURE_GRPC || isLoopback(GRPC_HOST),
    "listens beyond this machine without TLS: set INSECURE_GRPC=true if the network is private",
  ),
  ["GRPC_HOST"],
);

export type Config = ReturnType<typeof readConfig>;

export function readConfig(env: Env) {
  const parsed = parseEnv(v.pipe(WorkerEnv, checkStorage(), checkHost), env);
  return {
    host: parsed.GRPC_HOST,
    port: parsed.GRPC_PORT,
    token: parsed.WORKER_TOKEN,
    maxConcurrentJobs: parsed.MAX_CONCURRENT_JOBS ?? Math.max(1, Math.floor(availableParallelism() / 2)),
    workDir: parsed.WORK_DIR,
    storage: storageConfig(parsed),
    autoStop: parsed.AUTO_STOP,
    idleGraceMs: parsed.IDLE_GRACE,
    idleTimeoutMs: parsed.IDLE_TIMEOUT,
    drainTimeoutMs: parsed.DRAIN_TIMEOUT,
    maxAttempts: parsed.MAX_ATTEMPTS,
    stallMs: parsed.STALL_TIMEOUT,
    source: {
      schemes: ["https", "http"],
      allowedCidrs: parsed.ALLOWED_PRIVATE_CIDRS,
      maxBytes: parsed.MAX_SOURCE_SIZE,
    },
    presetsDir: parsed.PRESETS_DIR,
    logLevel: parsed.LOG_LEVEL,
  };
}
