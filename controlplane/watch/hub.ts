import type { Help } from "#controlplane/dispatch/help.ts";
import type { EndLost } from "#controlplane/lookup/accepted-place.ts";
import { type FoundJob, lostAfter } from "#controlplane/lookup/found-job.ts";
import type { ListedJob } from "#controlplane/lookup/list.ts";
import type { Lookup } from "#controlplane/lookup/lookup.ts";
import type { Link } from "#controlplane/workers/link.ts";
import type { JobProgress } from "#proto/worker/v1/worker_pb.js";
import { delay } from "#shared/async/delay.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { type Join, makeFeed } from "#shared/job/feed.ts";
import { isWaitingId } from "#shared/job/id.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Log } from "#shared/log.ts";
import { forRequest } from "#shared/request-context.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { pump } from "./upstream.ts";

/** A job that a worker has accepted. `events` begins with `queued` and must be read to its end. */
export type AcceptedJob = { jobId: string; link: Link; events: AsyncIterable<JobProgress> };

/** A job with its latest event, and the feed that readers join. */
export type View = {
  /** The latest event that is known. */
  readonly latest: JobEvent;
  /** The order; undefined when it is not known. */
  readonly order: JobRequestInit | undefined;
  /** Adds a reader of the events to come. */
  readonly join: Join;
};

/** A job that this control plane follows: one stream from its worker, shared by all readers. */
type Hub = View & { readonly link: Link; close(): void };

/** All jobs that this control plane follows. */
export type Hubs = ReturnType<typeof makeHubs>;

export type HubsOptions = Pick<Lookup, "askWorker" | "recordOf"> & {
  endLost?: EndLost | undefined;
  /** How long a worker may take to connect. */
  startupTimeoutMs: number;
  /** The deadline of an attempt; 0: none. */
  jobTimeoutMs: number;
  /** Called with the end of every adopted job, for its worker's address; who only follows a job calls nothing. */
  onEnd(event: JobEvent, order: JobRequestInit, address: string): void;
  /** Gets other workers to help with a job whose film they may share. */
  help: Help;
  now(): number;
  log: Log;
};

// A worker that keeps no ended jobs cannot tell later how one ended, so that its final event is kept here for a while.
const lingerMs = 60_000;

export function makeHubs(options: HubsOptions) {
  const hubs = new Map<string, Hub>();

  const helpFor = (jobId: string, owner: Link, order: Source["order"]) => {
    const workers = order?.workers || order?.splitWorkers || 1;
    return workers > 1 ? options.help({ jobId, owner, workers }) : undefined;
  };

  const open = (known: JobEvent, link: Link, { events, order, timeoutMs }: Source): Hub => {
    const { jobId } = known;
    const feed = makeFeed({ onLeave: () => closeUnlessNeeded() });
    const closing = new AbortController();
    const held = link.hold();
    const help = helpFor(jobId, link, order);
    let isDone = false;

    const close = () => {
      if (hubs.get(jobId) === hub) hubs.delete(jobId);
      closing.abort();
      feed.close();
      help?.[Symbol.dispose]();
      held[Symbol.dispose]();
    };
    const closeUnlessNeeded = () => {
      if (feed.readers === 0 && (isDone || !(events || help?.isWanted()))) close();
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
      const end = lostAfter(known, timeoutMs, options.now());
      const about = { jobId, link, feed, known, events, timeoutMs, lostAfter: end, signal: closing.signal };
      const { keepsJobs } = await pump({ ...about, ...(help && { heard: help.heard }) }, options);
      help?.[Symbol.dispose]();
      if (events && isFinal(hub.latest.status)) options.onEnd(hub.latest, order ?? {}, link.address);
      if (!keepsJobs) await delay(lingerMs, closing.signal);
    };
    // The stream outlives the request that opens it, and must not log under its id.
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
    /** The hub of a job that is followed; undefined when it is not. */
    get: (jobId: string) => hubs.get(jobId),
    /** The jobs that are followed now, each with its latest event. */
    followed: (): ListedJob[] => [...hubs.values()].map(({ latest, order }) => ({ event: latest, order })),
    /** Follows a job that a worker has accepted to its end, even without readers. */
    adopt: ({ jobId, link, events }: AcceptedJob, order: JobRequestInit): View =>
      open(queued(jobId, options.now()), link, { events, order, timeoutMs: options.jobTimeoutMs }),
    /** Makes a view of a job that opens a stream when the first reader joins, and closes it when the last one leaves. */
    viewOf: ({ event, order, holder }: FoundJob, owner: Link | undefined): View => {
      const link = holder ?? owner;
      if (!link || (!holder && isFinal(event.status))) return onRecord(event, order);
      const timeoutMs = Number(order?.timeoutMs ?? options.jobTimeoutMs);
      return {
        latest: event,
        order,
        join: (reader) => (hubs.get(event.jobId) ?? open(event, link, { order, timeoutMs })).join(reader),
      };
    },
    /** Ends all streams and readers. */
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

/** A view of a job that has ended: its final event is all that a reader gets. */
function onRecord(event: JobEvent, order: JobRequestInit | undefined): View {
  const feed = makeFeed();
  feed.publish(event);
  feed.close();
  return { latest: event, order, join: feed.join };
}

function queued(jobId: string, now: number): JobEvent {
  const timestamp = new Date(now).toISOString();
  const acceptance = isWaitingId(jobId) && { acceptedAt: timestamp };
  return { jobId, sequence: 0, status: "queued", attempt: 1, timestamp, ...acceptance };
}
