import { openPublicKeys } from "#shared/certificate/open-keys.ts";
import type { Log } from "#shared/log.ts";
import { clientTls } from "#shared/rpc/tls.ts";
import type { Trace } from "#shared/tracing/trace.ts";
import type { AppDeps } from "./app.ts";
import { openAccess } from "./auth/access.ts";
import type { Tenants } from "./auth/tenants.ts";
import type { Config } from "./config.ts";
import { makeDispatch } from "./dispatch/dispatch.ts";
import { makeHelp } from "./dispatch/help.ts";
import { makePlan } from "./dispatch/plan.ts";
import { makeSearch } from "./dispatch/search.ts";
import { makeWakeWorkers } from "./dispatch/wake-workers.ts";
import type { PlaceOf } from "./lookup/accepted-place.ts";
import { makeList, type RecentRecords } from "./lookup/list.ts";
import { makeLookup, type ReadRecord } from "./lookup/lookup.ts";
import { makeRecordTexts, type ReadRecordTexts } from "./lookup/record-texts.ts";
import type { RecordsHealth } from "./lookup/records-health.ts";
import { type ControlPlaneMetrics, makeControlPlaneMetrics } from "./metrics.ts";
import { makeCancel } from "./orders/cancel.ts";
import { makeClientOrder } from "./orders/client-order.ts";
import { makeFindRepeat } from "./orders/idempotency.ts";
import { type CheckInput, jobOrder } from "./orders/order.ts";
import { makeClientPlan } from "./orders/plan.ts";
import { planOrder } from "./orders/plan-order.ts";
import { makeRemoveJob } from "./orders/remove.ts";
import { orderForRetry, type RetryRequest } from "./orders/retry.ts";
import { makeSubmit } from "./orders/submit.ts";
import { openQueue, type Queueing, sharesOf } from "./queue/open-queue.ts";
import { beginUploads, type Uploads } from "./uploads/open-uploads.ts";
import { makeEndOf } from "./uploads/use.ts";
import { type HubsOptions, makeHubs } from "./watch/hub.ts";
import { makeViewFor, makeViewOf } from "./watch/view.ts";
import { countDirectJobs } from "./workers/direct-jobs.ts";
import { openLink } from "./workers/link.ts";
import { type Links, openLinks } from "./workers/links.ts";
import { makeMetricsText } from "./workers/metrics-text.ts";
import { makePresets } from "./workers/presets.ts";
import type { ResolveSrv } from "./workers/resolve-srv.ts";
import { workerReports } from "./workers/status.ts";

/** The dependencies that a test or another host of the service may replace. */
export type ServiceDeps = ReadRecordTexts & {
  /** Checks and normalises input_url. */
  checkInput: CheckInput;
  /** Checks and normalises callback_url. */
  checkCallback: CheckInput;
  /** Reads one record; finds nothing without a storage of records. */
  readRecord: ReadRecord;
  placeOf?: PlaceOf;
  /** Asks DNS for the workers that SRV records name. */
  resolveSrv: ResolveSrv;
  /** Reads recent records; finds none without a storage of records. */
  recentRecords: RecentRecords;
  /** The health of the storage of records. */
  records: RecordsHealth;
  /** The storage of records, and the waiting room; absent without QUEUE_URL. */
  queueing?: Queueing | undefined;
  /** Where uploads are kept; absent where none are taken. */
  uploads?: Uploads | undefined;
  /** Unix milliseconds. */
  now(): number;
  /** Makes a UUID v7. */
  newId(): string;
  log: Log;
  /** Makes spans; does nothing unless tracing is configured. */
  trace: Trace;
  /** The interval of heartbeats in event streams. */
  heartbeatMs: number;
};

/** Wires the parts of the service together: the dependencies of the app, and what closes them. */
export function makeService(
  config: Config,
  deps: ServiceDeps,
  closing: AbortSignal,
): { app: AppDeps; close(): Promise<void> } {
  const { now, newId, log, trace, records, resolveSrv, heartbeatMs } = deps;
  const access = openAccess(config.access, { now, log });
  const tls = config.workerTls && clientTls(config.workerTls, log);
  const links = openLinks(config.workers, {
    open: (address) => openLink(address, { token: config.workerToken, tls: tls?.credentials, now }),
    ...{ resolveSrv, allowsPlaintext: config.allowsPlaintext, now, log },
  });
  // What DNS does not tell, or refuses, is to be read in the log from the start.
  void links.refresh();
  const metrics = makeControlPlaneMetrics();
  const jobs = jobParts(config, deps, { links, metrics, closing, tenants: access.tenants });
  const { startupTimeoutMs, areMetricsPublic } = config;
  const room = deps.queueing?.room;

  return {
    app: {
      ...jobs.app,
      reports: ({ wake }) => workerReports({ links, wake, log }),
      directJobs: () => countDirectJobs(links),
      presets: makePresets({ links, startupTimeoutMs, log }),
      metricsText: makeMetricsText({ links, metrics, records, room, now, log }),
      ...{ metrics, records, room, areMetricsPublic },
      signingPublicKeys: openPublicKeys(config.signingPublicKeys),
      ...{ authenticate: access.authenticate, trustedProxies: config.access.trustedProxies },
      ...{ now, newId, trace, log, closing, heartbeatMs },
    },
    async close() {
      await jobs.close();
      links.close();
      access[Symbol.dispose]();
      tls?.[Symbol.dispose]();
    },
  };
}

type Shared = {
  links: Links;
  metrics: ControlPlaneMetrics;
  tenants(): Tenants;
  closing: AbortSignal;
};

/** What takes, finds and follows jobs. */
function jobParts(config: Config, deps: ServiceDeps, { links, metrics, tenants, closing }: Shared) {
  const { startupTimeoutMs, jobTimeoutMs: timeoutMs, splitWorkers, readsRecords } = config;
  const { checkInput, checkCallback, recentRecords, queueing, uploads, now, newId, trace, log } = deps;
  const wakeWorkers = makeWakeWorkers();
  const queue =
    queueing &&
    openQueue({
      ...{ ...queueing, config: config.queue, links, wakeWorkers, shares: () => sharesOf(tenants()) },
      ...{
        readRecord: deps.readRecord,
        recentRecords,
        startupTimeoutMs,
        jobTimeoutMs: timeoutMs,
        newId,
        now,
        trace,
        log,
        closing,
      },
    });
  const { placeOf = deps.placeOf, readRecord = deps.readRecord, endLost } = queue ?? {};
  const rules = { checkInput, checkCallback, timeoutMs, splitWorkers };
  const lookup = makeLookup({ links, readRecord, readsRecords, placeOf, endLost, startupTimeoutMs, now, log });
  const onEnd: HubsOptions["onEnd"] = (event, order, address) => {
    metrics.ended(event, order, address);
    queue?.directJobEnded(event.jobId, address);
  };
  const freed = queue?.announceRoom ?? (() => {});
  const isOrderWaiting = queue?.isOrderWaiting ?? (async () => false);
  const { help, wantedSlots } = makeHelp({
    links,
    wakeWorkers,
    startupTimeoutMs,
    isOrderWaiting,
    freed,
    metrics,
    trace,
    log,
  });
  const hubs = makeHubs({ ...lookup, endLost, startupTimeoutMs, jobTimeoutMs: timeoutMs, onEnd, help, now, log });
  const placed = makeViewOf({ ...lookup, hubs });
  const viewOf = async (jobId: string) => (await waiting?.view(jobId)) ?? (await placed(jobId));
  const closeClaim = queue?.closeClaim ?? (async () => false);
  const findRepeat = makeFindRepeat({ ...lookup, viewOf, closeClaim, now });
  const search = makeSearch({ links, startupTimeoutMs, wakeWorkers, log });
  const dispatch = makeDispatch({ search, startupTimeoutMs, newId, findRepeat, metrics, trace, log });
  const plan = makePlan({ search, freed, trace, log });
  const begun = queue?.begin({ ...lookup, hubs, viewOf: placed, dispatch, findRepeat, uploads: uploads?.place });
  const waiting = begun?.waiting;
  const endOf = makeEndOf({ find: lookup.find, waiting });
  return {
    app: {
      ...{ waiting, wantedSlots },
      uploads: uploads && beginUploads(uploads, { endOf, metrics: metrics.uploads, now, closing, log }),
      orderSchema: jobOrder(config.storage.recordPrefix, { ...rules, uploadPrefix: uploads?.place.prefix }),
      clientOrder: makeClientOrder(rules),
      planSchema: planOrder(rules),
      plan: makeClientPlan({ plan, rules, admit: queue?.admitPlan }),
      orderForRetry: (request: RetryRequest) => orderForRetry(request, { ...lookup, ...rules, startupTimeoutMs }),
      submit: begun?.submit ?? makeSubmit({ dispatch, hubs, log }),
      view: makeViewFor(viewOf),
      cancel: makeCancel({ hubs, find: lookup.find, waiting, startupTimeoutMs }),
      ...makeRecordTexts({ ...deps, links, find: lookup.find, waiting, startupTimeoutMs }),
      remove: makeRemoveJob({ links, find: lookup.find, waiting, startupTimeoutMs, log }),
      list: makeList({
        links,
        followed: hubs.followed,
        recentRecords,
        readsRecords,
        waiting,
        onListed: begun?.onListed,
        log,
      }),
    },
    async close() {
      await begun?.close();
      hubs.close();
    },
  };
}
