import type { EndLost } from "#controlplane/lookup/accepted-place.ts";
import { lost } from "#controlplane/lookup/found-job.ts";
import type { Lookup } from "#controlplane/lookup/lookup.ts";
import type { Link } from "#controlplane/workers/link.ts";
import type { JobProgress } from "#proto/worker/v1/worker_pb.js";
import { poll } from "#shared/async/retry.ts";
import { toFault } from "#shared/fault.ts";
import type { JobEvent } from "#shared/job/event.ts";
import type { Feed } from "#shared/job/feed.ts";
import { isWaitingId } from "#shared/job/id.ts";
import type { Pieces } from "#shared/job/pieces.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Log } from "#shared/log.ts";
import { recordsProblem } from "#shared/records.ts";
import { eventFromMessage } from "#shared/rpc/event-message.ts";
import { isUnimplemented } from "#shared/rpc/fault-status.ts";
import { makeDeadline } from "./fallback-deadline.ts";

/** A job to follow, and the feed for its events. */
export type Upstream = {
  jobId: string;
  /** The worker that holds the job. */
  link: Link;
  /** Where its events are published. */
  feed: Feed;
  /** The latest event that is known before the stream brings one. */
  known: JobEvent;
  /** The stream that SubmitJob opened; absent for a job that is only watched. */
  events?: AsyncIterable<JobProgress> | undefined;
  /** The deadline of an attempt; 0: none. */
  timeoutMs: number;
  /** When the job counts as lost if nobody hears of it, in Unix milliseconds. */
  lostAfter: number;
  /** Called with what the worker tells of the job's pieces. */
  heard?(pieces: Pieces): void;
  /** Ends the stream; the job goes on. */
  signal: AbortSignal;
};

type Options = Pick<Lookup, "askWorker" | "recordOf"> & {
  endLost?: EndLost | undefined;
  startupTimeoutMs: number;
  now(): number;
  log: Log;
};

const backoff = { firstPauseMs: 100, longestPauseMs: 1_000 };
// A record holds the last event only, while a worker that comes back soon has all of them.
const recordEvery = 5;

/**
 * Brings the events of a job into its feed until the final one, reconnecting whenever the stream breaks. Returns
 * whether the worker keeps ended jobs, which one that does not number events does not.
 */
export async function pump({ jobId, link, feed, known, signal, ...upstream }: Upstream, options: Options) {
  const { askWorker, recordOf, endLost, startupTimeoutMs, now, log } = options;
  using deadline = makeDeadline({ jobId, link, timeoutMs: upstream.timeoutMs, log });
  let isNumbered = true;

  const isOver = () => signal.aborted || isFinal(feed.latest?.status ?? "queued");
  const publish = (event: JobEvent) => {
    if (event.pieces && !isFinal(event.status)) upstream.heard?.(event.pieces);
    if (event.sequence > (feed.latest?.sequence ?? 0)) feed.publish(event);
  };
  const publishLost = async () => {
    const event = lost(feed.latest ?? known, now());
    if (!endLost || !isWaitingId(jobId)) return publish(event);
    const ended = await endLost(event).catch((err) => {
      log.warn({ err, job_id: jobId }, "a job whose worker is lost cannot be ended yet");
    });
    if (ended) publish(ended);
  };
  const watch = () =>
    link.follow((calls, stop) => calls.watchJob(after(feed.latest?.sequence ?? 0), { signal: stop }), signal);
  const after = (sequence: number) => ({ jobId, afterSequence: BigInt(sequence) });

  /** Numbers the events of a worker that speaks only the fixed calls, as one attempt. */
  const numbered = (message: JobProgress): JobEvent => {
    // Such a worker does not know deadlines either.
    deadline.begin();
    const event = eventFromMessage(message);
    const same = { ...event, jobId, sequence: (feed.latest?.sequence ?? 0) + 1, attempt: 1 };
    const timestamp = event.timestamp || new Date(now()).toISOString();
    if (event.status !== "cancelled" || !deadline.isOver) return { ...same, timestamp };
    return { ...same, timestamp, status: "failed", error: { kind: "timeout", message: "the job ran out of time" } };
  };

  /** Reads a stream to its end; false when opening another would make no sense. */
  const read = async (events: AsyncIterable<JobProgress>) => {
    try {
      for await (const message of events) {
        isNumbered = message.sequence > 0n;
        publish(isNumbered ? { ...eventFromMessage(message), jobId } : numbered(message));
      }
      return isNumbered;
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error, job_id: jobId, worker: link.address }, "a job's stream broke off");
      return isNumbered && !isUnimplemented(error) && toFault(error).kind !== "not_found";
    }
  };
  // While the records cannot be read, a job must not be called lost.
  const readable = () =>
    recordOf(jobId).catch((error): "unreadable" => {
      if (recordsProblem(error) === undefined) throw error;
      return "unreadable";
    });
  // The worker does not know the job: its record tells how it ended, or it is lost.
  const conclude = async () => {
    const found = await askWorker(link, jobId).catch(() => undefined);
    if (found?.holder) return publish(found.event);
    const last = found ?? (await readable());
    if (last === "unreadable") return;
    if (last && isFinal(last.event.status)) publish(last.event);
    else await publishLost();
  };
  // The worker does not answer: the job may have ended before, or the worker may never come back.
  const adoptRecord = async () => {
    const record = await readable();
    if (record === "unreadable") return;
    if (record && isFinal(record.event.status)) publish(record.event);
    else if (now() > upstream.lostAfter) await publishLost();
  };

  let events = upstream.events;
  const follow = async () => {
    const mayGoOn = await read(events ?? watch());
    events = undefined;
    if (!mayGoOn && !isOver()) await conclude();
  };

  let triedInVain = 0;
  const attempt = async () => {
    const before = feed.latest;
    if (events || (await link.connect(startupTimeoutMs, signal))) await follow();
    triedInVain = feed.latest === before ? triedInVain + 1 : 0;
    if (triedInVain > 0 && triedInVain % recordEvery === 0 && !isOver()) await adoptRecord();
  };
  const progress = () => feed.latest?.sequence ?? 0;
  if (!isOver()) await poll(attempt, isOver, { ...backoff, progress, signal });
  return { keepsJobs: isNumbered };
}
