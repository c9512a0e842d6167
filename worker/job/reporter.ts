import { type JobEvent, type JobUpdate, sequenceBefore } from "#shared/job/event.ts";
import type { Feed } from "#shared/job/feed.ts";
import type { Order } from "#shared/job/order.ts";
import { traceIdOf } from "#shared/tracing/traceparent.ts";

const perSecond = 4;

/** Turns the updates of one attempt into numbered events and publishes them. */
export type Reporter = ReturnType<typeof makeReporter>;

/** `elapsed` is a monotonic clock in milliseconds. */
export function makeReporter(
  { jobId, traceparent, acceptedAt }: Pick<Order, "jobId" | "traceparent" | "acceptedAt">,
  attempt: number,
  feed: Feed,
  now: () => number,
  elapsed: () => number = () => performance.now(),
) {
  let count = 0;
  let furthest = 0;
  let status: JobUpdate["status"] | undefined;
  let step: string | undefined;
  const recent: number[] = [];

  const toEvent = (update: JobUpdate): JobEvent => {
    count += 1;
    return {
      jobId,
      sequence: sequenceBefore(attempt) + count,
      attempt,
      timestamp: new Date(now()).toISOString(),
      ...(traceparent && { traceId: traceIdOf(traceparent) }),
      ...(acceptedAt && { acceptedAt }),
      ...update,
    };
  };

  const isTooSoon = () => {
    const oldest = recent.length < perSecond ? undefined : recent[0];
    return oldest !== undefined && elapsed() - oldest < 1_000;
  };

  return {
    /** The number of the attempt, from 1. */
    attempt,
    /** The percent that was told last; 0 before. */
    progress: () => furthest,
    /** Makes the event of an update without publishing it; a final event is journaled before it is published. */
    toEvent,
    /**
     * Publishes an update: every change of status and of what is being done, and progress at most 4 times a second. `progress`
     * never decreases.
     */
    report(update: JobUpdate) {
      const isSame = update.status === status && stepOf(update) === step;
      if (isSame && isTooSoon()) return;
      status = update.status;
      step = stepOf(update);
      recent.push(elapsed());
      if (recent.length > perSecond) recent.shift();
      if (update.progress === undefined) return feed.publish(toEvent(update));
      furthest = Math.max(furthest, update.progress);
      feed.publish(toEvent({ ...update, progress: furthest }));
    },
  };
}

/** What is being done, without the figures. */
const stepOf = ({ message = "" }: JobUpdate) => message.split(/[:\d]/, 1)[0]?.trim();
