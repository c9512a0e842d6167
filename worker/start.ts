import { availableParallelism, hostname } from "node:os";
import { makeSemaphore } from "#shared/async/semaphore.ts";
import { makeClaims } from "#shared/claims.ts";
import { version } from "#shared/version.ts";
import { callbackCheck } from "#shared/webhooks/callback-url.ts";
import { makeCertificates } from "./certificate/certificates.ts";
import type { Config } from "./config.ts";
import { makeClaimPath } from "./delivery/claim-path.ts";
import { uploadsRemover } from "./delivery/leftovers.ts";
import { makeRetainOrDiscard } from "./delivery/retain-or-discard.ts";
import { makeRetainedOutputs } from "./delivery/retained-outputs.ts";
import { type Activity, makeIdleStop, makeStop } from "./exit.ts";
import { makeProcessStats } from "./ffmpeg/process-stats.ts";
import type { ServiceDeps } from "./handlers/methods.ts";
import { stepSpans } from "./job/spans.ts";
import { plainStep } from "./job/steps.ts";
import { makeAdmit } from "./jobs/admit.ts";
import { makeDailySweep } from "./jobs/daily-sweep.ts";
import { recover } from "./jobs/recover.ts";
import { makeRegistry } from "./jobs/registry.ts";
import { memoryAllows } from "./limits/admission.ts";
import { availableMemory } from "./limits/memory.ts";
import { makeWorkerMetrics } from "./metrics.ts";
import { makeHelpWithPiece } from "./pieces/help.ts";
import { sweepBoards } from "./pieces/sweep-boards.ts";
import { makeQueueCapability } from "./queue/capability.ts";
import { makeDiscardUploads } from "./queue/discard.ts";
import { warnIfUndecided } from "./recorded.ts";
import { makeRemoveOutput } from "./removal/remove-output.ts";
import { openResources, type Resources, type StartOverrides } from "./resources.ts";
import type { Work } from "./run/attempt.ts";
import { makePlanSource } from "./run/plan-source.ts";
import { runJob } from "./run/run.ts";
import { serve } from "./serve.ts";
import { workerService } from "./service.ts";

/** Starts a worker: it answers calls, and takes up what an earlier one left, when the promise resolves. */
export async function start(config: Config, overrides: StartOverrides) {
  const resources = await openResources(config, overrides);
  const { log, ready, tls, trace, workDir, webhooks } = resources;
  const idle = makeIdleStop(config);
  const sweep = makeDailySweep({
    ...{ records: resources.backgroundRecords, keptMs: config.recordRetentionMs },
    ...{ ends: resources.ends, now: resources.now, log },
    sweepBoards: (signal) => sweepBoards({ ...resources.recorded, ...resources.boardEnds, now: resources.now }, signal),
  });
  const jobs = makeJobs(config, resources, { step: overrides.step, activity: idle, ended: sweep.next });
  const { registry, slots, metrics } = jobs;
  const { maxAttempts } = config;
  const { readText } = overrides;
  await recover({ ...resources, ...jobs, workDir: workDir.folder, canRun: ready.canRun, maxAttempts, readText });

  const service = workerService(serviceDeps(config, resources, jobs));
  const server = await serve(config, service, { tls: tls?.credentials, metrics, log });
  const parts = { registry, server, retries: webhooks.retries, sweep, trace, tls, workDir };
  const { stop, stopped, drain } = makeStop(parts);
  await ready.confirm(stop);
  idle.begin(stop);
  beginInBackground(config, resources, jobs);
  sweep.begin();
  log.info({ host: config.host, port: server.port, slots: slots.limit, version }, "worker is ready");
  return {
    /** The port of its gRPC server. */
    port: server.port,
    /** Resolves when it has stopped: true when jobs are left on its disk for the next one. */
    stopped,
    /** Takes no more jobs, lets running ones end within the grace, and stops. */
    drain: (graceMs = config.drainTimeoutMs) => drain(graceMs),
  };
}

type Jobs = ReturnType<typeof makeJobs>;

/** The jobs of the worker, and what runs them. */
function makeJobs(
  config: Config,
  resources: Resources,
  { step = plainStep, activity, ended }: { step: StartOverrides["step"]; activity: Activity; ended(): void },
) {
  const { storages, now, log, sandbox, recorded, recordsProblem, records, trace, webhooks } = resources;
  const { presets, openSource, headersFor, handOvers, ends, signingKey: key } = resources;
  const { keys, verification, stallMs, splitSeconds, mostDamage, pricePerHour } = config;
  const workDir = resources.workDir.folder;
  const slots = makeSemaphore(config.maxConcurrentJobs, memoryAllows(config.jobMemoryBytes, availableMemory));
  const processStats = makeProcessStats();
  const metrics = makeWorkerMetrics({ slots, workDir, processStats, recordsProblem });
  const retained = makeRetainedOutputs({ ...config.retained, workDir, now, removeUploads: uploadsRemover(storages) });
  const certificates = key && makeCertificates({ key, worker: hostname(), now });
  const deps = {
    ...{
      openSource,
      presets,
      storages,
      retained,
      keys,
      verification,
      stallMs,
      splitSeconds,
      mostDamage,
      now,
      certificates,
      maxSourceBytes: config.source.maxBytes,
    },
    shared: { ...recorded, name: nameOf(config), maxAttempts: config.maxAttempts, now, log },
    delivery: { ...config.delivery, headersFor, claimPath: makeClaimPath(recorded), certificates },
    ffmpeg: resources.ready.ffmpeg,
    spawn: sandbox.then(({ spawn }) => processStats.spawn(spawn)),
  };
  const work: Work = (job, reporter) => runJob(job, reporter, deps);
  const stepInSpan = stepSpans(trace, step);
  const registry = makeRegistry({
    ...{ workDir, slots, work, trace, records, pricePerHour, now, log, activity },
    step: stepInSpan,
    notify: webhooks.notify,
    retainOrDiscard: makeRetainOrDiscard({ retained, storages, log }),
    discardUploads: makeDiscardUploads({ storages, log }),
    ...{ handOvers, ends },
    ended: (event) => {
      metrics.ended(event);
      ended();
    },
  });
  const { recordPrefix } = config.storage;
  const removeOutput = makeRemoveOutput({ registry, records, retained, storages, recordPrefix, step: stepInSpan });
  const queue = makeQueueCapability(handOvers, log);
  const admit = makeAdmit({ registry, slots });
  const { capabilities } = deps.ffmpeg;
  const planSource = makePlanSource({ ...deps, ffmpeg: capabilities, admit, stopSignal: registry.stopSignal, workDir });
  const helpWithPiece = makeHelpWithPiece({
    ...{ ...deps, ffmpeg: capabilities, admit, stopSignal: registry.stopSignal, workDir, log },
    ...{ boardOf: resources.boardOf, maxInputBytes: config.source.maxBytes },
    ...{ maxAttempts: config.maxAttempts, worker: nameOf(config) },
  });
  return { slots, metrics, retained, work, registry, removeOutput, queue, planSource, helpWithPiece };
}

/** The name of a worker among those that share a film: several may run on one machine. */
const nameOf = ({ port }: Config) => `${hostname()}:${port}`;

/** What the handlers of calls need. */
function serviceDeps(config: Config, resources: Resources, jobs: Jobs): ServiceDeps {
  const { presets, storages, uploads, records, recorded, handOvers, now, log, ready, checkInput } = resources;
  const { schemes, allowedCidrs } = config.source;
  return {
    ...{ ...jobs, records, handOvers, uploads, now, log },
    checkCanAccept: ready.checkCanAccept,
    ffmpeg: ready.ffmpeg.capabilities,
    claims: makeClaims({ ...recorded, secret: config.idempotencySecret, now, log }),
    rules: {
      ...{ presets, storages, checkInput },
      defaultStorage: config.storage.default,
      recordPrefix: config.storage.recordPrefix,
      uploadPrefix: uploads?.prefix,
      signs: resources.signingKey !== undefined,
      checkCallback: callbackCheck({ schemes, allowedCidrs }, config.webhooks.secrets),
    },
    about: {
      workerId: hostname(),
      version,
      startedAt: new Date(now()).toISOString(),
      cpus: availableParallelism(),
      workDir: config.workDir,
      ffmpegVersion: ready.knownVersion,
      ffmpeg: ready.knownCapabilities,
      queue: jobs.queue.isKnown,
    },
  };
}

/** Begins what the start need not wait for. */
function beginInBackground(config: Config, resources: Resources, { retained, queue, registry }: Jobs) {
  const { log, recorded, storages, sandbox, webhooks } = resources;
  const warned = (message: string) => (err: unknown) => log.warn({ err }, message);
  if (config.webhooks.secrets.length > 0) webhooks.retries.begin();
  void warnIfUndecided(recorded, log);
  void queue.find(registry.stopSignal).catch(() => {});
  void retained.sweep().catch(warned("outputs that were kept too long are still there"));
  for (const storage of storages.values())
    void storage.sweep?.().catch(warned("what a crash left in a storage is still there"));
  void sandbox.then(({ spawn: _, notes, ...confinement }) => {
    log.info(confinement, "ffmpeg's confinement");
    for (const note of notes) log.warn(note);
  });
}
