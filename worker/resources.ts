import { availableParallelism } from "node:os";
import { openSigningKey } from "#shared/certificate/open-keys.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Log } from "#shared/log.ts";
import { makeCompleteEnds } from "#shared/queue/complete-end.ts";
import { makeHandOvers } from "#shared/queue/hand-overs.ts";
import type { Records } from "#shared/records.ts";
import { serverTls } from "#shared/rpc/tls.ts";
import { openStorages } from "#shared/storage/kinds.ts";
import { makeHeadersFor } from "#shared/storage/object-headers.ts";
import { uploadPlace } from "#shared/storage/settings.ts";
import { openTrace } from "#shared/tracing/open-trace.ts";
import { checkedUploadUrl, isUploadUrl } from "#shared/uploads/upload-url.ts";
import { openWebhooks } from "#shared/webhooks/notify.ts";
import type { Config } from "./config.ts";
import type { Step } from "./job/steps.ts";
import type { ReadText } from "./journal/durable.ts";
import { boardAt } from "./pieces/board.ts";
import { loadPresets } from "./presets/load.ts";
import { readiness } from "./ready.ts";
import { openRecorded, type Recorded } from "./recorded.ts";
import { openSandbox } from "./sandbox/open-sandbox.ts";
import { clientSources } from "./source/client-sources.ts";
import type { OpenSource } from "./source/source.ts";
import { withUploads } from "./source/upload-source.ts";
import { openWorkDir } from "./work-dir/open-work-dir.ts";

/** What a test or a host of the worker can replace. */
export type StartOverrides = {
  log: Log;
  /** The time in Unix milliseconds. Default: `Date.now`. */
  now?: () => number;
  /** Fetches sources. Default: only from where clients of a service may. */
  openSource?: OpenSource;
  /** Throws for an input that must not be fetched. Default: the same rule. */
  checkInput?: (url: string) => void;
  /** The storage of records. Default: the configured one. */
  recorded?: Recorded;
  /** Surrounds every step of every job. Default: nothing does. */
  step?: Step;
  /** Reads the files of the journals that are found at the start. Default: from the disk. */
  readText?: ReadText;
};

export type Resources = Awaited<ReturnType<typeof openResources>>;

/** Opens what a worker uses as long as it runs: work directory, storages, sandbox, presets, webhooks and traces. */
export async function openResources(config: Config, overrides: StartOverrides) {
  const { log, now = Date.now } = overrides;
  const tls = config.tls && serverTls(config.tls, log);
  const workDir = await openWorkDir(config, log);
  const { sandbox: wanted, maxOutputBytes: maxFileBytes } = config;
  const sandbox = openSandbox({ sandbox: wanted, maxFileBytes, cores: availableParallelism() });
  // A required sandbox must work before the start; otherwise it is tried meanwhile, because only jobs need it.
  if (wanted === "bwrap") await sandbox;
  const signingKey = openSigningKey(config.signingKey);
  const trace = await openTrace(config.tracing, log);
  const presets = await loadPresets(config.presetsDir);
  const storages = openStorages(config.storage);
  const { background, ...records } = openRecorded(config, storages, log, overrides.recorded);
  const guard = { allowedCidrs: config.source.allowedCidrs };
  const handOvers = makeHandOvers({ ...records.recorded, now });
  const webhooks = openWebhooks({ ...config.webhooks, ...background, guard, trace, now, log });
  const leave = config.webhooks.secrets.length > 0 ? webhooks.leave : undefined;
  const uploads = uploadPlace(config.storage, storages);
  const sources = { ...clientSources(config.source), ...overrides };
  const openSource = withUploads(uploads, sources.openSource, config.source);
  const checkInput = (url: string) =>
    isUploadUrl(url) ? void checkedUploadUrl(url, uploads !== undefined) : sources.checkInput(url);
  return {
    ...{ log, now, tls, workDir, sandbox, trace, presets, storages, uploads, openSource, checkInput },
    ...records,
    ...{ handOvers, webhooks, signingKey },
    ends: makeCompleteEnds({ handOvers, records: records.records, leave, now, log }),
    // Nobody waits for what is done in the background, which needs no short time-outs.
    backgroundRecords: background.records,
    boardEnds: { endOf: endOfJob(background.records) },
    /** The board of a job whose film several workers encode. */
    boardOf: (jobId: string) => boardAt(background.storage, background.prefix, jobId),
    ready: readiness(presets),
    headersFor: makeHeadersFor(config.storage.cacheControl),
  };
}

/** Tells when a job has ended, by its record. */
const endOfJob = (records: Records) => async (jobId: string, signal: AbortSignal) => {
  const event = (await records.read(jobId, signal))?.event;
  return event && isFinal(event.status) ? Date.parse(event.timestamp) : undefined;
};
