import { availableParallelism } from "node:os";
import type { Log } from "#shared/log.ts";
import { serverTls } from "#shared/rpc/tls.ts";
import { openStorages } from "#shared/storage/kinds.ts";
import { makeHeadersFor } from "#shared/storage/object-headers.ts";
import { openTrace } from "#shared/tracing/open-trace.ts";
import type { Config } from "./config.ts";
import type { Step } from "./job/steps.ts";
import type { ReadText } from "./journal/durable.ts";
import { loadPresets } from "./presets/load.ts";
import { readiness } from "./ready.ts";
import { openRecorded, type Recorded } from "./recorded.ts";
import { openSandbox } from "./sandbox/open-sandbox.ts";
import { clientSources } from "./source/client-sources.ts";
import type { OpenSource } from "./source/source.ts";
import { openWebhooks } from "./webhooks/notify.ts";
import { openWorkDir } from "./work-dir/open-work-dir.ts";

/** What a test or a host of the worker replaces. */
export type StartOverrides = {
  log: Log;
  now?: () => number;
  /** Instead of what clients of a service may have fetched. */
  openSource?: OpenSource;
  /** Instead of refusing the rest. */
  checkInput?: (url: string) => void;
  /** Where jobs are remembered, instead of the configured storage. */
  recorded?: Recorded;
  /** Surrounds every step of every job. */
  step?: Step;
  /** Reads the journals of the jobs that are found, instead of from the disk. */
  readText?: ReadText;
};

export type Resources = Awaited<ReturnType<typeof openResources>>;

/** Opens what a worker has for as long as it runs: its disk, its storages, its sandbox, its presets, its webhooks. */
export async function openResources(config: Config, overrides: StartOverrides) {
  const { log, now = Date.now } = overrides;
  const tls = config.tls && serverTls(config.tls, log);
  const workDir = await openWorkDir(config, log);
  const { sandbox: wanted, maxOutputBytes: maxFileBytes } = config;
  const sandbox = openSandbox({ sandbox: wanted, maxFileBytes, cores: availableParallelism() });
  // Otherwise it is found out while the worker starts: only a job that has its source needs it.
  if (wanted === "bwrap") await sandbox;
  const trace = await openTrace(config.tracing, log);
  const presets = await loadPresets(config.presetsDir);
  const storages = openStorages(config.storage);
  const { patient, ...records } = openRecorded(config.storage, storages, log, overrides.recorded);
  const guard = { allowedCidrs: config.source.allowedCidrs };
  const { openSource, checkInput } = { ...clientSources(config.source), ...overrides };
  return {
    ...{ log, now, tls, workDir, sandbox, trace, presets, storages, openSource, checkInput },
    ...records,
    ready: readiness(presets),
    headersFor: makeHeadersFor(config.storage.cacheControl),
    // Nobody waits for webhooks: they use the storage of records without the short time-outs of those who do.
    webhooks: openWebhooks({ ...config.webhooks, ...patient, guard, trace, now, log }),
  };
}
