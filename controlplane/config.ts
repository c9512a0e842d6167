import * as v from "valibot";
import { duration, type Env, flag, list, parseEnv, port } from "#shared/env.ts";
import { prefixOf } from "#shared/job/id.ts";
import { logLevels } from "#shared/log.ts";
import { cidrs } from "#shared/net/addresses.ts";
import { hostRules } from "#shared/net/hosts.ts";
import { isLoopback } from "#shared/net/loopback.ts";
import { checkTls, tlsFiles, tlsSettings } from "#shared/rpc/tls-settings.ts";
import { checkStorage, storageConfig, storageSettings } from "#shared/storage/settings.ts";
import { accessConfig, accessSettings, checkAccess, isGuarded } from "./auth/settings.ts";

// A timer that is longer fires at once.
const longestMs = 24 * 86_400_000;
const timeout = v.pipe(duration, v.maxValue(longestMs, "use 24d or less"));

const nodePattern = /^(https:\/\/)?(\[[0-9a-f:.]+\]|[a-z0-9._-]+):(\d{1,5})\/?$/;

const nodes = v.pipe(
  list,
  v.transform((entries) => entries.map((entry) => entry.toLowerCase().replace(/\/$/, ""))),
  v.minLength(1, "name at least one worker as host:port"),
  v.everyItem((node) => nodePattern.test(node), "write host:port or https://host:port, comma separated"),
  v.check(
    (nodes) => new Set(nodes.map(prefixOf)).size === nodes.length,
    "names a worker twice, or two whose job ids would begin alike: write one of them differently",
  ),
);

const isProtected = (node: string) => {
  const [, scheme, host = "localhost"] = nodePattern.exec(node) ?? [];
  return scheme !== undefined || isLoopback(host);
};

/** Every setting of the control plane; the README's table is made from this. */
export const settings = {
  PORT: v.pipe(v.optional(port, "8080"), v.description("where it listens; 0 takes any free port")),
  HOST: v.pipe(
    v.optional(v.string()),
    v.description("the address it listens at; 0.0.0.0 once clients need keys or tokens, else 127.0.0.1"),
  ),
  WORKER_NODES: v.pipe(
    nodes,
    v.description("the workers: host:port, or https://host:port for TLS, comma separated; one address is one worker"),
  ),
  ...accessSettings,
  JOB_TIMEOUT: v.pipe(v.optional(timeout, "3600s"), v.description("how long a job may take in each attempt")),
  WORKER_STARTUP_TIMEOUT: v.pipe(
    v.optional(timeout, "60s"),
    v.description("how long a worker's machine may take to start"),
  ),
  WORKER_TOKEN: v.pipe(v.optional(v.string()), v.description("the bearer token that the workers ask for")),
  ALLOWED_INPUT_SCHEMES: v.pipe(
    v.optional(list, "https,http"),
    v.description("the URL schemes that inputs may have; with s3, the workers' S3_INPUT_BUCKETS decide on the bucket"),
  ),
  INPUT_HOSTS: v.pipe(
    v.optional(hostRules, ""),
    v.description(
      "hosts that inputs may come from, such as *.example.com, comma separated, and after ! those that they may not; default: any",
    ),
  ),
  ALLOWED_PRIVATE_CIDRS: v.pipe(
    v.optional(cidrs, ""),
    v.description("private address ranges that inputs and callbacks may lead to; cloud metadata addresses never"),
  ),
  INSECURE_GRPC: v.pipe(
    v.optional(flag, "false"),
    v.description("allows gRPC without TLS beyond loopback, as on a private network"),
  ),
  ...tlsSettings,
  ...storageSettings,
  RECORD_STORAGE: v.pipe(
    storageSettings.RECORD_STORAGE,
    v.description(
      "where jobs are remembered, to answer for them while their workers sleep; unset: the workers are asked",
    ),
  ),
  LOG_LEVEL: v.pipe(
    v.optional(v.picklist(logLevels, `use one of ${logLevels.join(", ")}`), "info"),
    v.description(`how much is logged: ${logLevels.join(", ")}`),
  ),
};

const Settings = v.pipe(
  v.object(settings),
  checkStorage(),
  checkAccess(),
  checkTls({ needsCert: false }),
  v.forward(
    v.partialCheck(
      [["WORKER_NODES"], ["INSECURE_GRPC"]],
      ({ WORKER_NODES, INSECURE_GRPC }) => INSECURE_GRPC || WORKER_NODES.every(isProtected),
      "names a worker beyond loopback without TLS: use https://host:port, or set INSECURE_GRPC=true on a private network",
    ),
    ["WORKER_NODES"],
  ),
);

export type Config = ReturnType<typeof readConfig>;

export function readConfig(env: Env) {
  const read = parseEnv(Settings, env);
  return {
    port: read.PORT,
    host: read.HOST ?? (isGuarded(read) ? "0.0.0.0" : "127.0.0.1"),
    workers: read.WORKER_NODES,
    workerToken: read.WORKER_TOKEN,
    workerTls: tlsFiles(read),
    access: accessConfig(read),
    jobTimeoutMs: read.JOB_TIMEOUT,
    startupTimeoutMs: read.WORKER_STARTUP_TIMEOUT,
    allowedInputSchemes: read.ALLOWED_INPUT_SCHEMES,
    inputHosts: read.INPUT_HOSTS,
    allowedPrivateCidrs: read.ALLOWED_PRIVATE_CIDRS,
    storage: storageConfig(read),
    /** Whether this control plane reads the records itself. */
    readsRecords: read.RECORD_STORAGE !== undefined,
    logLevel: read.LOG_LEVEL,
  };
}
