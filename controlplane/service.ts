import type { Log } from "#shared/log.ts";
import type { AppDeps } from "./app.ts";
import type { Config } from "./config.ts";
import { makeDispatch } from "./dispatch/dispatch.ts";
import { apiKeys } from "./http/auth.ts";
import { makeCancel } from "./jobs/cancel.ts";
import { makeHubs } from "./jobs/hub.ts";
import { makeList, type RecentRecords } from "./jobs/list.ts";
import { makeLookup, type ReadRecord } from "./jobs/lookup.ts";
import { type CheckInput, jobOrder, orderFrom } from "./jobs/order.ts";
import { orderAgain } from "./jobs/retry.ts";
import { makeSubmit } from "./jobs/submit.ts";
import { openLink } from "./workers/link.ts";
import { makePresets } from "./workers/presets.ts";
import { workerReports } from "./workers/status.ts";

/** What is handed in, so that a test or another host of the service may choose it. */
export type ServiceDeps = {
  checkInput: CheckInput;
  readRecord: ReadRecord;
  recentRecords: RecentRecords;
  now(): number;
  /** A UUID v7. */
  newId(): string;
  log: Log;
  heartbeatMs: number;
};

/** Joins the parts: what the app needs of them, and their end. */
export function makeService(config: Config, deps: ServiceDeps, closing: AbortSignal): { app: AppDeps; close(): void } {
  const { startupTimeoutMs, jobTimeoutMs } = config;
  const { now, newId, log, checkInput } = deps;
  const links = config.workers.map((address) => openLink(address, { token: config.workerToken, now }));
  const lookup = makeLookup({ links, readRecord: deps.readRecord, startupTimeoutMs, now, log });
  const hubs = makeHubs({ ...lookup, startupTimeoutMs, jobTimeoutMs, now, log });
  const dispatch = makeDispatch({ links, startupTimeoutMs, newId, log });

  return {
    app: {
      orderSchema: jobOrder(config.storage.recordPrefix),
      orderFrom: (posted) => orderFrom(posted, checkInput, jobTimeoutMs),
      orderAgain: (jobId) => orderAgain(jobId, lookup.find, jobTimeoutMs),
      submit: makeSubmit({ dispatch, hubs, log }),
      view: async (jobId) => hubs.get(jobId) ?? hubs.viewOf(await lookup.find(jobId), lookup.ownerOf(jobId)),
      cancel: makeCancel({ hubs, find: lookup.find, startupTimeoutMs }),
      list: makeList({ links, hubs, recentRecords: deps.recentRecords }),
      reports: ({ wake }) => workerReports({ links, wake, log }),
      presets: makePresets({ links, startupTimeoutMs, log }),
      authenticate: apiKeys(config.apiKeys),
      newId,
      log,
      closing,
      heartbeatMs: deps.heartbeatMs,
    },
    close() {
      hubs.close();
      for (const link of links) link.close();
    },
  };
}
