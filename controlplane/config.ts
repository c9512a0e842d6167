import * as v from "valibot";
import { idempotencySecret } from "#shared/claims.ts";
import { duration, type Env, flag, list, parseEnv, port, setting, wholeNumber } from "#shared/env.ts";
import { prefixOf } from "#shared/job/id.ts";
import { isLoopback } from "#shared/net/loopback.ts";
import { checkTls, tlsFiles, tlsSettings } from "#shared/rpc/tls-settings.ts";
import { commonSettings } from "#shared/settings.ts";
import { checkStorage, storageConfig, storageSettings } from "#shared/storage/settings.ts";
import { tracingConfig } from "#shared/tracing/settings.ts";
import { webhookSecrets } from "#shared/webhooks/signing.ts";
import { accessConfig, accessSettings, checkAccess, isGuarded } from "./auth/settings.ts";
import { checkQueue, queueConfig, queueSettings } from "./queue/settings.ts";
import { checkUploads, uploadConfig, uploadSettings } from "./uploads/settings.ts";
import { parseSrv } from "./workers/srv.ts";

// The longest delay of a timer: a longer one would fire at once.
const longestMs = 24 * 86_400_000;
const timeout = v.pipe(duration, v.maxValue(longestMs, "use 24d or less"));

const nodePattern = /^(https:\/\/)?(\[[0-9a-f:.]+\]|[a-z0-9._-]+):(\d{1,5})\/?$/;

const isNode = (node: string) => nodePattern.test(node) || parseSrv(node) !== undefined;

const nodes = v.pipe(
  list,
  v.transform((entries) => entries.map((entry) => entry.toLowerCase().replace(/\/$/, ""))),
  v.minLength(1, "name at least one worker as host:port, or an SRV record of them as srv://_service._proto.domain"),
  v.everyItem(
    isNode,
    "write host:port, https://host:port, srv://_service._proto.domain or srv+https://_service._proto.domain, comma separated",
  ),
  v.check(
    (nodes) => new Set(nodes.map(prefixOf)).size === nodes.length,
    "names a worker twice, or two whose job ids would begin alike: write one of them differently",
  ),
);

/** Whether the address of a worker is on this machine. */
export const isOnThisMachine = (node: string) => isLoopback(nodePattern.exec(node)?.[2] ?? "");

const isProtected = (node: string) => {
  const srv = parseSrv(node);
  if (srv) return srv.isSecure || isLoopback(srv.domain);
  const [, scheme, host = "localhost"] = nodePattern.exec(node) ?? [];
  return scheme !== undefined || isLoopback(host);
};

/** All settings of the control plane; docs/settings.md is generated from them. */
export const settings = {
  PORT: setting("where it listens; 0 takes any free port", port, "8080"),
  HOST: setting("the address it listens at; 0.0.0.0 once clients need keys or tokens, else 127.0.0.1", v.string()),
  WORKER_NODES: v.pipe(
    nodes,
    v.description(
      "the workers: host:port, or https://host:port for TLS, comma separated; one address is one worker. " +
        "srv://_service._proto.domain, or srv+https:// for TLS, stands for those that DNS names, asked again as they change",
    ),
  ),
  ...accessSettings,
  JOB_TIMEOUT: setting("how long a job may take in each attempt", timeout, "3600s"),
  WORKER_STARTUP_TIMEOUT: setting(
    "how long a worker's machine may take to start: so long an order waits for one that has not just answered, also where a front accepts the connection for it, before it wakes the next",
    timeout,
    "60s",
  ),
  SPLIT_WORKERS: setting(
    "how many workers may encode a film at a time, from 1 to 32, where the order does not say it: a longer film is cut into pieces that lie in the workers' RECORD_STORAGE",
    wholeNumber(1, 32),
    "1",
  ),
  ALLOWED_INPUT_SCHEMES: setting(
    "the URL schemes that inputs may have; with s3, the workers' S3_INPUT_BUCKETS decide on the bucket",
    list,
    "https,http",
  ),
  ...tlsSettings,
  METRICS_PUBLIC: setting(
    "lets everybody read /metrics, which else needs a client with the scope metrics:read",
    flag,
    "false",
  ),
  ...queueSettings,
  WEBHOOK_SECRETS: setting(
    "the workers' WEBHOOK_SECRETS, needed where orders that wait may have a callback_url",
    webhookSecrets,
    "",
  ),
  IDEMPOTENCY_SECRET: setting(
    "the workers' IDEMPOTENCY_SECRET, needed where orders wait and have an Idempotency-Key",
    idempotencySecret,
    "",
  ),
  SIGNING_PUBLIC_KEYS: setting(
    "public keys of the workers' SIGNING_KEY in PEM, or files that hold them, comma separated: /.well-known/jwks.json publishes them; former ones stay for what they signed",
    list,
    "",
  ),
  ...uploadSettings,
  ...commonSettings,
  ...storageSettings,
};

const Settings = v.pipe(
  v.object(settings),
  checkStorage(),
  checkAccess(),
  checkQueue(),
  checkUploads(),
  checkTls({ needsCert: false }),
  v.forward(
    v.partialCheck(
      [["WORKER_NODES"], ["INSECURE_GRPC"]],
      ({ WORKER_NODES, INSECURE_GRPC }) => INSECURE_GRPC || WORKER_NODES.every(isProtected),
      "names a worker beyond loopback without TLS: use https://host:port or srv+https://, or set INSECURE_GRPC=true on a private network",
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
    /** Whether workers beyond loopback may be spoken to without TLS. */
    allowsPlaintext: read.INSECURE_GRPC,
    workerToken: read.WORKER_TOKEN,
    workerTls: tlsFiles(read),
    access: accessConfig(read),
    jobTimeoutMs: read.JOB_TIMEOUT,
    startupTimeoutMs: read.WORKER_STARTUP_TIMEOUT,
    /** How many workers may encode a film where the order does not say it. */
    splitWorkers: read.SPLIT_WORKERS,
    allowedInputSchemes: read.ALLOWED_INPUT_SCHEMES,
    inputHosts: read.INPUT_HOSTS,
    allowedPrivateCidrs: read.ALLOWED_PRIVATE_CIDRS,
    storage: storageConfig(read),
    queue: queueConfig(read),
    uploads: uploadConfig(read),
    webhookSecrets: read.WEBHOOK_SECRETS,
    idempotencySecret: read.IDEMPOTENCY_SECRET,
    /** The public keys of certificates in PEM, or their files. */
    signingPublicKeys: read.SIGNING_PUBLIC_KEYS,
    areMetricsPublic: read.METRICS_PUBLIC,
    /** Whether this control plane reads the records itself. */
    readsRecords: read.RECORD_STORAGE !== undefined,
    tracing: tracingConfig(read, "flux-controlplane"),
    logLevel: read.LOG_LEVEL,
  };
}
