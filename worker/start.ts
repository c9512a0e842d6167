import { mkdir } from "node:fs/promises";
import { availableParallelism, hostname } from "node:os";
import { WorkerService } from "#proto/worker/v1/worker_pb.js";
import type { Log } from "#shared/log.ts";
import { checkedInputUrl } from "#shared/net/input-url.ts";
import { makeRecords, type Records } from "#shared/records.ts";
import { serveRpc } from "#shared/rpc/server.ts";
import { openStorages, recordStorage } from "#shared/storage/settings.ts";
import { version } from "#shared/version.ts";
import type { Config } from "./config.ts";
import { makeIdleStop } from "./idle.ts";
import { journaledIds } from "./jobs/journal.ts";
import type { Work } from "./jobs/life.ts";
import { recover } from "./jobs/recover.ts";
import { makeRegistry } from "./jobs/registry.ts";
import { runJob } from "./jobs/run.ts";
import { lockWorkDir } from "./lock.ts";
import { loadPresets } from "./presets/load.ts";
import { workerService } from "./service.ts";
import { makeSlots } from "./slots.ts";
import { httpSource } from "./source/http-source.ts";
import type { OpenSource } from "./source/open.ts";

/** How long watchers of a worker that stops may take to read the last event. */
const lastWordsMs = 5_000;

export type Worker = {
  port: number;
  /** Takes no more jobs, lets running ones end within the grace, and stops. */
  drain(graceMs?: number): Promise<void>;
  /** Resolves when it has stopped: true when jobs are left on its disk for the next one. */
  stopped: Promise<boolean>;
};

type Hands = {
  log: Log;
  now?: () => number;
  /** Instead of fetching http and https. */
  openSource?: OpenSource;
  /** Instead of refusing what may not be fetched over http and https. */
  checkInput?: (url: string) => void;
  /** Where jobs are remembered, instead of the configured storage. */
  records?: Records;
};

/** Starts a worker: it answers calls, and takes up what an earlier one left, when the promise resolves. */
export async function start(config: Config, hands: Hands): Promise<Worker> {
  const { log, now = Date.now } = hands;
  const { workDir } = config;
  await mkdir(workDir, { recursive: true });
  const lock = await lockWorkDir(workDir);
  const presets = await loadPresets(config.presetsDir);
  const storages = openStorages(config.storage);
  const records =
    hands.records ??
    makeRecords({ storage: recordStorage(config.storage, storages), prefix: config.storage.recordPrefix });
  const { openSource = httpSource(config.source), checkInput = (url) => checkedInputUrl(url, config.source) } = hands;
  const slots = makeSlots(config.maxConcurrentJobs);
  const stopped = Promise.withResolvers<boolean>();

  const shut = once(async () => {
    registry.close();
    await server.stop(lastWordsMs);
    lock.release();
    stopped.resolve((await journaledIds(workDir)).length > 0);
  });
  const idle = config.autoStop
    ? makeIdleStop({ graceMs: config.idleGraceMs, timeoutMs: config.idleTimeoutMs, stop: () => void shut() })
    : { busy() {}, idle() {} };

  const tools = { openSource, presets, storages, stallMs: config.stallMs, now };
  const work: Work = (job, reporter) => runJob(job, reporter, tools);
  const registry = makeRegistry({ workDir, slots, work, records, now, log, activity: idle });
  await recover({ workDir, registry, slots, records, storages, work, maxAttempts: config.maxAttempts, log });

  const server = await serveRpc(
    WorkerService,
    workerService({
      registry,
      slots,
      records,
      rules: {
        presets,
        storages,
        defaultStorage: config.storage.default,
        recordPrefix: config.storage.recordPrefix,
        checkInput,
      },
      about: {
        workerId: hostname(),
        version,
        startedAt: new Date(now()).toISOString(),
        cores: availableParallelism(),
      },
    }),
    {
      host: config.host,
      port: config.port,
      token: config.token,
      onFailure: (err) => log.error({ err, cause: err instanceof Error ? err.cause : undefined }, "a call failed"),
    },
  );
  log.info({ host: config.host, port: server.port, slots: slots.limit, version }, "worker is ready");

  return {
    port: server.port,
    stopped: stopped.promise,
    async drain(graceMs = config.drainTimeoutMs) {
      await registry.drain(graceMs);
      await shut();
    },
  };
}

function once<T>(run: () => T): () => T {
  let ran: { result: T } | undefined;
  return () => {
    ran ??= { result: run() };
    return ran.result;
  };
}
