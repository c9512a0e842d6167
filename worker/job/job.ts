import { Fault } from "#shared/fault.ts";
import type { Facts } from "#shared/job/facts.ts";
import { type Feed, makeFeed } from "#shared/job/feed.ts";
import type { Order } from "#shared/job/order.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Journal } from "#worker/journal/journal.ts";
import type { Publishing, Undelivered } from "#worker/journal/journaled.ts";
import { endedElsewhere, type QueueEnding } from "#worker/queue/end.ts";
import { type Meter, makeMeter } from "#worker/receipt/meter.ts";
import { plainStep, type Step } from "./steps.ts";

/** The reason of an attempt's abort when a drain stops it: the job is to run again. */
export const drained = Symbol("drained");

/** One job of this worker: it holds the job's events, and it alone decides between cancel, deadline, drain and commit. */
export type Job = ReturnType<typeof makeJob>;

export function makeJob(
  order: Order,
  journal: Journal,
  step: Step = plainStep,
  meter: Meter = makeMeter(),
  queueEnding?: QueueEnding,
) {
  const feed: Feed = makeFeed();
  // A cancel or the deadline aborts `end`, a drain aborts `stop`; the abort's reason says which of them it was.
  const end = new AbortController();
  const stop = new AbortController();
  let sources: Pick<Facts, "source" | "sources"> = {};
  let undelivered: (() => Promise<Undelivered>) | undefined;
  let phase: "open" | "cancelling" | "committed" = "open";
  let cancelling: Promise<void> | undefined;
  let isLeaving = false;

  const signal = AbortSignal.any([end.signal, stop.signal]);

  const hasEnded = () => feed.latest !== undefined && isFinal(feed.latest.status);

  const refuseUnlessOpen = () => {
    if (hasEnded()) throw new Fault("conflict", `the job has ended: ${feed.latest?.status}`);
    if (phase === "committed") throw new Fault("conflict", "the job's output is being published");
  };

  const refuseIfOver = () => {
    if (phase === "cancelling") throw new Fault("cancelled", "the job was cancelled");
    signal.throwIfAborted();
  };

  return {
    order,
    journal,
    meter,
    step: meter.step(step),
    feed,
    hasEnded,
    /** Undefined for a job that comes from no waiting room. */
    queueEnding,
    /** Aborted, with the reason, when the job has to end before its commit point: every step waits with this signal. */
    signal,
    /** Aborted by a drain only: after the commit point nothing else stops the job. */
    stopSignal: stop.signal,

    /** Resolves when the cancel is on the disk: the job will end as cancelled. Throws `conflict` when it is too late. */
    async cancel() {
      refuseUnlessOpen();
      phase = "cancelling";
      cancelling ??= journal.cancelled();
      const written = cancelling;
      try {
        await written;
      } catch (error) {
        if (cancelling === written) [cancelling, phase] = [undefined, "open"];
        // A job that has ended meanwhile has no folder to write to: that is a conflict, not a failure of the disk.
        refuseUnlessOpen();
        throw error;
      }
      end.abort(new Fault("cancelled", "the job was cancelled"));
    },
    /** Ends the attempt for good, unless the job is committed. */
    expire(fault: Fault) {
      if (phase === "open") end.abort(fault);
    },
    drain() {
      stop.abort(drained);
    },
    /** The worker drains: the attempt is stopped where that loses nothing, before its grace is over. */
    leave() {
      isLeaving = true;
    },
    /** To be called where a stop loses nothing; throws when it has come. */
    stopIfLeaving() {
      if (isLeaving) stop.abort(drained);
      signal.throwIfAborted();
    },
    /** Passes the commit point. Resolves when that is on the disk; throws when the job was cancelled or stopped before. */
    async commit(publishing: Publishing) {
      refuseIfOver();
      if (queueEnding) {
        if (!(await queueEnding.claim(signal))) throw endedElsewhere();
        refuseIfOver();
      }
      phase = "committed";
      await journal.publishing(publishing);
    },
    /** What the source is, or the sources; empty until that is known. */
    get sources() {
      return sources;
    },
    setSources({ source, sources: each }: Facts) {
      sources = { ...(source && { source }), ...(each && { sources: each }) };
    },
    /** Describes the output once it is whole and only its delivery can still fail: then it is retained for a retry. */
    get undelivered() {
      return undelivered;
    },
    setUndelivered(describe: () => Promise<Undelivered>) {
      undelivered = describe;
    },
    /** To be called for a job that was found committed on the disk: it is too late for a cancel. */
    markCommitted() {
      phase = "committed";
    },
  };
}
