import type { FoundJob } from "#controlplane/lookup/found-job.ts";
import { finalEvent } from "#controlplane/watch/final-event.ts";
import type { AcceptedJob, Hubs, View } from "#controlplane/watch/hub.ts";
import type { Link } from "#controlplane/workers/link.ts";
import type { Links } from "#controlplane/workers/links.ts";
import { delay } from "#shared/async/delay.ts";
import { poll, retry } from "#shared/async/retry.ts";
import { Fault } from "#shared/fault.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Log } from "#shared/log.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import type { Placed, WaitingRoom } from "./waiting-room.ts";

type Options = {
  room: Pick<WaitingRoom, "find" | "remove">;
  hubs: Pick<Hubs, "adopt">;
  links: Pick<Links, "known">;
  /** Views a job that a worker has, or that has ended, and ends one whose worker is lost. */
  viewOf(jobId: string): Promise<View>;
  /** The record of a job; throws when it cannot be read. */
  readRecord(jobId: string): Promise<FoundJob | undefined>;
  /** Called when a job has ended at its worker; without a link it may be any. */
  onEnd(link?: Link): void;
  closing: AbortSignal;
  log: Log;
};

const cancelTimeoutMs = 10_000;
// A worker tells of an end before it is recorded.
const recordedAfterMs = 5_000;

/** Follows jobs that workers have accepted from the room to their ends; then the room forgets them, and there is room for the next. */
export function makeFollowJobs({ room, hubs, links, viewOf, readRecord, onEnd, closing, log }: Options) {
  const following = new Set<string>();
  const cancelling = new Set<string>();
  const pauses = { firstPauseMs: 500, longestPauseMs: 10_000, signal: closing };
  const rarely = { ...pauses, longestPauseMs: 60_000 };

  /** Waits for a job's end, wherever it comes to be known. Throws `not_found` for a job that nobody knows any more. */
  const ended = (jobId: string, given: View | undefined) => {
    let known = given;
    const look = async () => {
      const view = known ?? (await viewOf(jobId));
      known = undefined;
      return finalEvent(view, closing);
    };
    const isRetryable = (error: unknown) => !isUnknown(error);
    // A view of a job that nobody can be asked for ends without a final event.
    return poll(
      () => retry(look, { ...pauses, isRetryable }),
      (event) => event !== undefined,
      rarely,
    );
  };
  /** Sees to it that the end of a job is recorded, which its worker may not come to. */
  const seeRecorded = async (jobId: string) => {
    const isRecorded = async () => {
      const record = await readRecord(jobId);
      if (record && isFinal(record.event.status)) return true;
      await viewOf(jobId);
      return false;
    };
    await delay(recordedAfterMs, closing);
    if (closing.aborted) return;
    await poll(
      // What nobody knows any more was removed.
      () => isRecorded().catch(isUnknown),
      (isOver) => isOver || closing.aborted,
      rarely,
    );
  };

  const follow = async (jobId: string, link?: Link, view?: View) => {
    if (following.has(jobId)) return;
    following.add(jobId);
    try {
      const event = await ended(jobId, view);
      if (!event) return;
      onEnd(link);
      await retry(() => room.remove(jobId), pauses);
      await seeRecorded(jobId);
    } catch (err) {
      if (!closing.aborted) log.warn({ err, job_id: jobId }, "an ended job stays in the room");
    } finally {
      following.delete(jobId);
    }
  };

  const cancelAt = async (jobId: string, address: string) => {
    const link = links.known().find((worker) => worker.address === address);
    if (!link) throw new Fault("unreachable", "the job's worker is not known now");
    await link.ask((calls) => calls.cancelJob({ jobId }, { timeoutMs: cancelTimeoutMs }));
  };
  /** Has a job cancelled at its worker, however often that does not answer, for as long as the room knows the job. */
  const cancel = (jobId: string, address: string) => {
    if (cancelling.has(jobId)) return;
    cancelling.add(jobId);
    const onRetry = (err: unknown) => log.warn({ err, job_id: jobId }, "a job is not cancelled at its worker yet");
    // A room that cannot be asked may still know it.
    const isKnown = () => room.find(jobId).then(Boolean, () => true);
    const isRetryable = async (error: unknown) => !isUnknown(error) && (await isKnown());
    void retry(() => cancelAt(jobId, address), { ...pauses, onRetry, isRetryable })
      .catch((err) => closing.aborted || log.warn({ err, job_id: jobId }, "a job goes on that was cancelled"))
      .finally(() => cancelling.delete(jobId));
  };

  return {
    /** Follows a job that was handed over here. */
    adopt: (job: AcceptedJob, order: JobRequestInit) => void follow(job.jobId, job.link, hubs.adopt(job, order)),
    /** Follows a job that was handed over by a control plane that may be gone, or whose answer was lost. */
    takeOver: (jobId: string) => void follow(jobId),
    /** Cancels an accepted job if a client has done that while it was offered. */
    cancelIfAsked({ id, place }: Pick<Placed, "id" | "place">, address: string) {
      if ("isCancelled" in place && place.isCancelled) cancel(id, address);
    },
  };
}

const isUnknown = (error: unknown) => error instanceof Fault && error.kind === "not_found";
