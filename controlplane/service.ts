import type { Log } from "#shared/log.ts";
import { clientTls } from "#shared/rpc/tls.ts";
import type { Trace } from "#shared/tracing/trace.ts";
import type { AppDeps } from "./app.ts";
import { openAccess } from "./auth/access.ts";
import type { Config } from "./config.ts";
import { makeDispatch } from "./dispatch/dispatch.ts";
import { makeList, type RecentRecords } from "./lookup/list.ts";
import { makeLookup, type ReadRecord } from "./lookup/lookup.ts";
import type { RecordsHealth } from "./lookup/records-health.ts";
import { makeControlPlaneMetrics } from "./metrics.ts";
import { makeCancel } from "./orders/cancel.ts";
import { makeFindRepeat } from "./orders/idempotency.ts";
import { type CheckInput, jobOrder, orderFrom } from "./orders/order.ts";
import { orderHash } from "./orders/order-hash.ts";
import { orderForRetry } from "./orders/retry.ts";
import { makeSubmit } from "./orders/submit.ts";
import { checkVisible, forTenant } from "./orders/tenant-access.ts";
import { makeHubs } from "./watch/hub.ts";
import { askConnected } from "./workers/ask-connected.ts";
import { openLink } from "./workers/link.ts";
import { makePresets } from "./workers/presets.ts";
import { workerReports } from "./workers/status.ts";

/** The dependencies that a test or another host of the service may replace. */
export type ServiceDeps = {
  checkInput: CheckInput;
  checkCallback: CheckInput;
  /** Reads one record; finds nothing without a storage of records. */
  readRecord: ReadRecord;
  recentRecords: RecentRecords;
  records: RecordsHealth;
  /** Unix milliseconds. */
  now(): number;
  /** Makes a UUID v7. */
  newId(): string;
  log: Log;
  trace: Trace;
  /** The interval of heartbeats in event streams. */
  heartbeatMs: number;
};

/** Wires the parts of the service together: the dependencies of the app, and what closes them. */
export function makeService(config: Config, deps: ServiceDeps, closing: AbortSignal): { app: AppDeps; close(): void } {
  const { startupTimeoutMs, jobTimeoutMs } = config;
  const { now, newId, log, trace, checkInput, checkCallback } = deps;
  const access = openAccess(config.access, { now, log });
  const tls = config.workerTls && clientTls(config.workerTls, log);
  const links = config.workers.map((address) =>
    openLink(address, { token: config.workerToken, tls: tls?.credentials, now }),
  );
  const lookup = makeLookup({
    links,
    readRecord: deps.readRecord,
    readsRecords: config.readsRecords,
    startupTimeoutMs,
    now,
    log,
  });
  const metrics = makeControlPlaneMetrics();
  const hubs = makeHubs({ ...lookup, startupTimeoutMs, jobTimeoutMs, metrics, now, log });
  const viewOf = async (jobId: string) =>
    hubs.get(jobId) ?? hubs.viewOf(await lookup.find(jobId), lookup.ownerOf(jobId));
  const findRepeat = makeFindRepeat({ ...lookup, viewOf, now });
  const dispatch = makeDispatch({ links, startupTimeoutMs, newId, findRepeat, metrics, trace, log });

  return {
    app: {
      orderSchema: jobOrder(config.storage.recordPrefix, { checkInput, checkCallback }),
      orderFrom: (posted, client, idempotencyKey) => ({
        ...forTenant(orderFrom(posted, { checkInput, checkCallback, timeoutMs: jobTimeoutMs }), client),
        ...(idempotencyKey && { idempotencyKey, orderHash: orderHash(posted) }),
      }),
      orderForRetry: (request) =>
        orderForRetry(request, { ...lookup, checkCallback, timeoutMs: jobTimeoutMs, startupTimeoutMs }),
      submit: makeSubmit({ dispatch, hubs, log }),
      view: async (jobId, client) => {
        const view = await viewOf(jobId);
        checkVisible(client, view.order);
        return view;
      },
      cancel: makeCancel({ hubs, find: lookup.find, startupTimeoutMs }),
      list: makeList({ links, followed: hubs.followed, recentRecords: deps.recentRecords, log }),
      reports: ({ wake }) => workerReports({ links, wake, log }),
      metrics,
      records: deps.records,
      metricsText: async () => {
        deps.records.look();
        return metrics.text(await askConnected(links), deps.records);
      },
      areMetricsPublic: config.areMetricsPublic,
      presets: makePresets({ links, startupTimeoutMs, log }),
      authenticate: access.authenticate,
      trustedProxies: config.access.trustedProxies,
      now,
      newId,
      trace,
      log,
      closing,
      heartbeatMs: deps.heartbeatMs,
    },
    close() {
      hubs.close();
      for (const link of links) link.close();
      access[Symbol.dispose]();
      tls?.[Symbol.dispose]();
    },
  };
}
