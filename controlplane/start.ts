import { type Log, makeLog } from "#shared/log.ts";
import { checkedInputUrl } from "#shared/net/input-url.ts";
import { throwListenFault } from "#shared/net/listen-fault.ts";
import { makeRecords, watchedRecords } from "#shared/records.ts";
import { openStorages } from "#shared/storage/kinds.ts";
import { recordStorage } from "#shared/storage/settings.ts";
import { openTrace } from "#shared/tracing/open-trace.ts";
import { noSpans } from "#shared/tracing/trace.ts";
import { checkedUploadUrl, isUploadUrl } from "#shared/uploads/upload-url.ts";
import { makeApp } from "./app.ts";
import type { Config } from "./config.ts";
import { largestBody } from "./http/body-limit.ts";
import { idleSeconds } from "./http/idle.ts";
import { recordReader } from "./lookup/record-reader.ts";
import { noRecords, recordsHealth } from "./lookup/records-health.ts";
import { openQueueing } from "./queue/open-queueing.ts";
import { makeService, type ServiceDeps } from "./service.ts";
import { openUploads } from "./uploads/open-uploads.ts";
import { warmUp } from "./warm-up.ts";
import { makeResolveSrv } from "./workers/resolve-srv.ts";

const graceMs = 5_000;

export async function start(config: Config, given: Partial<ServiceDeps> = {}) {
  const deps = usualDeps(config, given);
  const { log } = deps;
  const trace = await openTrace(config.tracing, log);
  const closing = new AbortController();
  const queueing = given.queueing ?? (await openQueueing(config, { ...deps, trace }));
  const uploads = given.uploads ?? (await openUploads(config, log));
  const service = makeService(config, { ...deps, queueing, uploads, trace }, closing.signal);
  const app = makeApp(service.app);
  const server = await Promise.try(() =>
    Bun.serve({
      hostname: config.host,
      port: config.port,
      idleTimeout: idleSeconds,
      ...(config.uploads && { maxRequestBodySize: config.uploads.maxBytes + largestBody }),
      fetch: (request, server) => app.fetch(request, { server }),
    }),
  ).catch(throwListenFault("PORT", config));
  log.info({ url: server.url.href, workers: config.workers }, "listening");
  warmUp(app);

  return {
    /** The address it listens at, such as `http://127.0.0.1:8080`. */
    url: server.url.origin,
    /** The port it listens at, also when any free one was asked for. */
    port: server.port ?? config.port,
    /** Takes no more requests, ends every stream and wait, and gives the others 5 seconds to finish. */
    async stop() {
      closing.abort();
      await Promise.race([server.stop(), Bun.sleep(graceMs)]);
      await service.close();
      await server.stop(true);
      await trace.close();
      log.info("stopped");
    },
  };
}

/** The dependencies of the service in production, with those that are given in their place. */
export function usualDeps(config: Config, given: Partial<ServiceDeps> = {}): ServiceDeps {
  const { allowedPrivateCidrs: allowedCidrs } = config;
  const log = given.log ?? makeLog("controlplane", { level: config.logLevel });
  return {
    checkInput: (url) =>
      isUploadUrl(url)
        ? checkedUploadUrl(url, config.uploads !== undefined)
        : checkedInputUrl(url, { schemes: config.allowedInputSchemes, hosts: config.inputHosts, allowedCidrs }).href,
    checkCallback: (url) => checkedInputUrl(url, { schemes: ["https", "http"], allowedCidrs }).href,
    ...recordsOf(config, log),
    resolveSrv: makeResolveSrv(),
    now: Date.now,
    newId: () => Bun.randomUUIDv7(),
    log,
    trace: noSpans,
    heartbeatMs: 5_000,
    ...given,
  };
}

const none = async () => undefined;
const noPage = { jobs: [], next: undefined, failure: undefined };

/** The readers of records. Without a storage of its own a control plane asks connected workers, which have one. */
function recordsOf({ readsRecords, storage }: Config, log: Log) {
  if (!readsRecords)
    return {
      ...{ readRecord: none, readCertificate: none, readLog: none },
      ...{ recentRecords: async () => noPage, records: noRecords },
    };
  const { recordPrefix: prefix } = storage;
  const watched = watchedRecords(recordStorage(storage, openStorages(storage)), log);
  const reader = recordReader(makeRecords({ storage: watched.storage, prefix }));
  return { ...reader, records: recordsHealth(watched, prefix) };
}
