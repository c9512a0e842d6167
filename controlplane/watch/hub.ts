import { type FoundJob, lostAfter } from "#controlplane/lookup/found-job.ts";
import type { ListedJob } from "#controlplane/lookup/list.ts";
import type { Lookup } from "#controlplane/lookup/lookup.ts";
import type { ControlPlaneMetrics } from "#controlplane/metrics.ts";
import type { Link } from "#controlplane/workers/link.ts";
import type { JobProgress } from "#proto/worker/v1/worker_pb.js";
import { delay } from "#shared/async/delay.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { type Join, makeFeed } from "#shared/job/feed.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Log } from "#shared/log.ts";
import { forRequest } from "#shared/request-context.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { pump } from "./upstream.ts";

/** A job that a worker has taken. `events` begins with `queued` and must be read to its end. */
export type AcceptedJob = { jobId: string; link: Link; events: AsyncIterable<JobProgress> };

/** A job as it is seen here and now. */
export type View = {
  readonly latest: JobEvent;
  /** As far as it is known. */
  readonly order: JobRequestInit | undefined;
  readonly join: Join;
};

/** A job with a stream from its worker, shared by all who follow it here. */
type Hub = View & { readonly link: Link; close(): void };

export type Hubs = {
  get(jobId: string): Hub | undefined;
  /** The jobs that are followed here, each with its latest event. */
  followed(): ListedJob[];
  /** Keeps the stream of a job that a worker has taken open to its end, watched or not. */
  adopt(accepted: AcceptedJob, order: JobRequestInit): View;
  /** Opens a stream when someone follows the job, for as long as someone does. */
  viewOf(found: FoundJob, owner: Link | undefined): View;
  close(): void;
};

type Options = Pick<Lookup, "askWorker" | "recordOf"> & {
  startupTimeoutMs: number;
  jobTimeoutMs: number;
  /** Told of the end of every adopted job: which others may follow at other control planes. */
  metrics: Pick<ControlPlaneMetrics, "ended">;
  now(): number;
  log: Log;
};

// A peer that keeps no jobs cannot tell later how one ended.
const lingerMs = 60_000;

export function makeHubs(options: Options): Hubs {
  const hubs = new Map<string, Hub>();

  const open = (known: JobEvent, link: Link, { events, order, timeoutMs }: Source): Hub => {
    const { jobId } = known;
    const feed = makeFeed({ onLeave: () => closeUnlessNeeded() });
    const closing = new AbortController();
    let isDone = false;

    const close = () => {
      if (hubs.get(jobId) === hub) hubs.delete(jobId);
      closing.abort();
      feed.close();
    };
    const closeUnlessNeeded = () => {
      if (feed.readers === 0 && (isDone || !events)) close();
    };

    const hub = {
      get latest() {
        return feed.latest ?? known;
      },
      order,
      link,
      join: feed.join,
      close,
    };
    hubs.set(jobId, hub);

    const run = async () => {
      const end = lostAfter(jobId, timeoutMs, options.now());
      const upstream = { jobId, link, feed, known, events, timeoutMs, lostAfter: end, signal: closing.signal };
      const { keepsJobs } = await pump(upstream, options);
      if (events && isFinal(hub.latest.status)) options.metrics.ended(hub.latest, order ?? {}, link.address);
      if (!keepsJobs) await delay(lingerMs, closing.signal);
    };
    // It outlives the request that begins it.
    forRequest(undefined, run)
      .catch((error) => {
        options.log.error({ err: error, job_id: jobId }, "a job can no longer be followed");
        close();
      })
      .finally(() => {
        isDone = true;
        closeUnlessNeeded();
      });
    return hub;
  };

  return {
    get: (jobId) => hubs.get(jobId),
    followed: () => [...hubs.values()].map(({ latest, order }) => ({ event: latest, order })),
    adopt: ({ jobId, link, events }, order) =>
      open(queued(jobId, options.now()), link, { events, order, timeoutMs: options.jobTimeoutMs }),
    viewOf: ({ event, order, holder }, owner) => {
      const link = holder ?? owner;
      if (!link || (!holder && isFinal(event.status))) return onRecord(event, order);
      const timeoutMs = Number(order?.timeoutMs ?? options.jobTimeoutMs);
      return {
        latest: event,
        order,
        join: (reader) => (hubs.get(event.jobId) ?? open(event, link, { order, timeoutMs })).join(reader),
      };
    },
    close: () => {
      for (const hub of hubs.values()) hub.close();
    },
  };
}

type Source = {
  events?: AsyncIterable<JobProgress> | undefined;
  order: JobRequestInit | undefined;
  timeoutMs: number;
};

/** A job of which there is nothing to come. */
function onRecord(event: JobEvent, order: JobRequestInit | undefined): View {
  const feed = makeFeed();
  feed.publish(event);
  feed.close();
  return { latest: event, order, join: feed.join };
}

const queued = (jobId: string, now: number): JobEvent => ({
  jobId,
  sequence: 0,
  status: "queued",
  attempt: 1,
  timestamp: new Date(now).toISOString(),
});
