import { availableParallelism, hostname } from "node:os";
import { makeSemaphore } from "#shared/async/semaphore.ts";
import type { Order } from "#shared/job/order.ts";
import type { Log } from "#shared/log.ts";
import { once } from "#shared/once.ts";
import { serverTls } from "#shared/rpc/tls.ts";
import { openStorages } from "#shared/storage/kinds.ts";
import { makeHeadersFor } from "#shared/storage/object-headers.ts";
import { openTrace } from "#shared/tracing/open-trace.ts";
import { version } from "#shared/version.ts";
import type { Config } from "./config.ts";
import { makeClaimPath } from "./delivery/claim-path.ts";
import { removeAll } from "./delivery/leftovers.ts";
import { makeRetainOrDiscard } from "./delivery/retain-or-discard.ts";
import { makeRetainedOutputs } from "./delivery/retained-outputs.ts";
import { storageOf } from "./delivery/storage-of.ts";
import { makeLive } from "./ffmpeg/live.ts";
import { makeIdleStop } from "./idle.ts";
import { stepSpans } from "./job/spans.ts";
import { plainStep, type Step } from "./job/steps.ts";
import { makeClaims } from "./jobs/claims.ts";
import type { Activity } from "./jobs/occupancy.ts";
import { recover } from "./jobs/recover.ts";
import { makeRegistry } from "./jobs/registry.ts";
import type { ReadText } from "./journal/durable.ts";
import { isJobLeft } from "./journal/journal.ts";
import { memoryAllows } from "./limits/admission.ts";
import { availableMemory } from "./limits/memory.ts";
import { makeWorkerMetrics } from "./metrics.ts";
import { loadPresets } from "./presets/load.ts";
import { readiness } from "./ready.ts";
import { openRecorded, type Recorded, tellIfUndecided } from "./recorded.ts";
import type { Work } from "./run/attempt.ts";
import { runJob } from "./run/run.ts";
import { openSandbox } from "./sandbox/open-sandbox.ts";
import { serve } from "./serve.ts";
import { workerService } from "./service.ts";
import { clientSources } from "./source/client-sources.ts";
import type { OpenSource } from "./source/source.ts";
import { callbackCheck } from "./webhooks/callback-url.ts";
import { openWebhooks } from "./webhooks/notify.ts";
import { openWorkDir } from "./work-dir/open-work-dir.ts";

/** How long the watchers of a stopping worker may take to read the last event. */
const lastEventMs = 5_000;

export type Worker = {
  port: number;
  /** Takes no more jobs, lets running ones end within the grace, and stops. */
  drain(graceMs?: number): Promise<void>;
  /** Resolves when it has stopped: true when jobs are left on its disk for the next one. */
  stopped: Promise<boolean>;
};

/** What a test or a host of the worker replaces. */
type StartOverrides = {
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

/** Starts a worker: it answers calls, and takes up what an earlier one left, when the promise resolves. */
export async function start(config: Config, overrides: StartOverrides): Promise<Worker> {
  const { log, now = Date.now } = overrides;
  const tls = config.tls && serverTls(config.tls, log);
  const own = await openWorkDir(config, log);
  const workDir = own.folder;
  const sandbox = openSandbox({
    sandbox: config.sandbox,
    maxFileBytes: config.maxOutputBytes,
    cores: availableParallelism(),
  });
  // Otherwise it is found out while the worker starts: only a job that has its source needs it.
  if (config.sandbox === "bwrap") await sandbox;
  const trace = await openTrace(config.tracing, log);
  const step = stepSpans(trace, overrides.step ?? plainStep);
  const presets = await loadPresets(config.presetsDir);
  const { canRun, ffmpeg, checkCanAccept, confirm, knownCapabilities } = readiness(presets);
  const storages = openStorages(config.storage);
  const { patient, recorded, records, problem } = openRecorded(config.storage, storages, log, overrides.recorded);
  const { schemes, allowedCidrs } = config.source;
  const { notify, retries } = openWebhooks({
    ...config.webhooks,
    // Nobody waits for them.
    ...patient,
    guard: { allowedCidrs },
    trace,
    now,
    log,
  });
  const { openSource, checkInput } = { ...clientSources(config.source), ...overrides };
  const slots = makeSemaphore(config.maxConcurrentJobs, memoryAllows(config.jobMemoryBytes, availableMemory));
  const stopped = Promise.withResolvers<boolean>();

  const shut = once(async () => {
    registry.close();
    await Promise.all([server.stop(lastEventMs), retries.stop()]);
    await trace.close();
    tls?.[Symbol.dispose]();
    const isLeft = await isJobLeft(workDir);
    own[Symbol.dispose]();
    stopped.resolve(isLeft);
  });
  let isServing = false;
  const idle: Activity = config.autoStop
    ? makeIdleStop({
        graceMs: config.idleGraceMs,
        timeoutMs: config.idleTimeoutMs,
        // A start may take longer than the grace.
        stop: () => (isServing ? void shut() : idle.idle()),
      })
    : { busy() {}, idle() {} };

  const removeUploads = (order: Order, uploads: readonly string[]) => removeAll(storageOf(order, storages), uploads);
  const retained = makeRetainedOutputs({ ...config.retained, workDir, now, removeUploads });
  const retainOrDiscard = makeRetainOrDiscard({ retained, storages, log });
  const headersFor = makeHeadersFor(config.storage.cacheControl);
  const delivery = { ...config.delivery, headersFor, claimPath: makeClaimPath(recorded) };
  const { keys, verifyFull, stallMs, mostDamage, maxAttempts } = config;
  const tools = {
    openSource,
    presets,
    storages,
    delivery,
    retained,
    keys,
    verifyFull,
    stallMs,
    mostDamage,
    ffmpeg,
    now,
  };
  const live = makeLive();
  const work: Work = async (job, reporter) =>
    runJob(job, reporter, { ...tools, spawn: live.spawn((await sandbox).spawn) });
  const metrics = makeWorkerMetrics({ slots, workDir, live, recordsProblem: problem });
  const registry = makeRegistry({
    workDir,
    slots,
    work,
    step,
    trace,
    records,
    notify,
    retainOrDiscard,
    ended: metrics.ended,
    pricePerHour: config.pricePerHour,
    now,
    log,
    activity: idle,
  });
  const { readText } = overrides;
  await recover({
    workDir,
    canRun,
    registry,
    slots,
    storages,
    retained,
    records,
    headersFor,
    work,
    maxAttempts,
    readText,
    log,
  });

  const server = await serve(
    config,
    workerService({
      registry,
      slots,
      records,
      retained,
      metrics,
      checkCanAccept,
      claims: makeClaims({ ...recorded, secret: config.idempotencySecret, now, log }),
      rules: {
        presets,
        storages,
        defaultStorage: config.storage.default,
        recordPrefix: config.storage.recordPrefix,
        checkInput,
        checkCallback: callbackCheck({ schemes, allowedCidrs }, config.webhooks.secrets),
      },
      log,
      about: {
        workerId: hostname(),
        version,
        startedAt: new Date(now()).toISOString(),
        cores: availableParallelism(),
        ffmpeg: knownCapabilities,
      },
    }),
    { tls: tls?.credentials, metrics, log },
  );
  await confirm(shut);
  isServing = true;
  if (config.webhooks.secrets.length > 0) retries.begin();
  void tellIfUndecided(recorded, log);
  void retained.sweep().catch((err) => log.warn({ err }, "outputs that were kept too long are still there"));
  for (const storage of storages.values())
    void storage.sweep?.().catch((err) => log.warn({ err }, "what a crash left in a storage is still there"));
  void sandbox.then(({ spawn: _, notes, ...confinement }) => {
    log.info(confinement, "ffmpeg's confinement");
    for (const note of notes) log.warn(note);
  });
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
