import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readConfig as readControlplane } from "#controlplane/config.ts";
import { start as startControlplane } from "#controlplane/start.ts";
import type { Env } from "#shared/env.ts";
import { makeLog } from "#shared/log.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { readConfig as readWorker } from "#worker/config.ts";
import { clientSources } from "#worker/source/client-sources.ts";
import { localFileSource } from "#worker/source/local-file.ts";
import type { OpenSource } from "#worker/source/source.ts";
import { start as startWorker } from "#worker/start.ts";

/**
 * A control plane and a worker in this process, on free loopback ports, for as long as one command runs. Outputs go to
 * a folder; what the service remembers goes to a temporary one, which is removed at the end.
 */
export async function startLocalService(env: Env, outputDir: string) {
  const scratch = await mkdtemp(join(tmpdir(), "flux-"));
  const log = makeLog("flux", { level: "silent" });

  const workerConfig = readWorker({
    ...pick(env, [
      "ALLOWED_PRIVATE_CIDRS",
      "MAX_CONCURRENT_JOBS",
      "PRESETS_DIR",
      "S3_INPUT_BUCKETS",
      "S3_REGION",
      "S3_ENDPOINT",
      "S3_FORCE_PATH_STYLE",
      "MAX_SOURCE_SIZE",
      "MIN_FREE_DISK",
      "STALL_TIMEOUT",
      "SPLIT_SECONDS",
      "MAX_SOURCE_DAMAGE",
      "VERIFY",
      "SANDBOX",
    ]),
    GRPC_PORT: "0",
    WORK_DIR: join(scratch, "work"),
    LOCAL_ROOT: resolve(outputDir),
    AUTO_STOP: "false",
    KEEP_UNDELIVERED: "0s",
  });
  const fromElsewhere = clientSources(workerConfig.source).openSource;
  const openSource: OpenSource = (url, ...rest) =>
    url.startsWith("file:") ? localFileSource(url, ...rest) : fromElsewhere(url, ...rest);
  const worker = await startWorker(workerConfig, {
    log,
    openSource,
    checkInput: () => {},
    recorded: { storage: localStorage({ root: join(scratch, "records") }), prefix: "jobs" },
  });
  const controlplane = await startControlplane(
    readControlplane({
      ...pick(env, ["ALLOWED_PRIVATE_CIDRS"]),
      PORT: "0",
      WORKER_NODES: `127.0.0.1:${worker.port}`,
      ALLOWED_INPUT_SCHEMES: "https,http,file,s3",
      JOB_TIMEOUT: "24h",
    }),
    { log },
  );

  return {
    url: controlplane.url,
    async [Symbol.asyncDispose]() {
      await controlplane.stop();
      await worker.drain(0);
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

const pick = (env: Env, names: readonly string[]): Env => Object.fromEntries(names.map((name) => [name, env[name]]));
