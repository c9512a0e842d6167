import { type JobEvent, type JobNews, sequenceBefore } from "#shared/job/event.ts";
import type { Feed } from "#shared/job/feed.ts";
import type { Order } from "#shared/job/order.ts";
import { traceIdOf } from "#shared/tracing/traceparent.ts";

const perSecond = 4;

/** Publishes what an attempt has to say. */
export type Reporter = {
  attempt: number;
  /** Transitions always, progress at most 4 times a second; `progress` never goes back. */
  say(news: JobNews): void;
  /** The event that would be said now; the final one is written down before it is published. */
  stamp(news: JobNews): JobEvent;
};

/** `elapsed` tells milliseconds by a clock that nobody sets. */
export function makeReporter(
  { jobId, traceparent }: Pick<Order, "jobId" | "traceparent">,
  attempt: number,
  feed: Feed,
  now: () => number,
  elapsed: () => number = () => performance.now(),
): Reporter {
  let count = 0;
  let furthest = 0;
  let status: JobNews["status"] | undefined;
  const recent: number[] = [];

  const stamp = (news: JobNews): JobEvent => {
    count += 1;
    return {
      jobId,
      sequence: sequenceBefore(attempt) + count,
      attempt,
      timestamp: new Date(now()).toISOString(),
      ...(traceparent && { traceId: traceIdOf(traceparent) }),
      ...news,
    };
  };

  const isTooSoon = () => {
    const oldest = recent.length < perSecond ? undefined : recent[0];
    return oldest !== undefined && elapsed() - oldest < 1_000;
  };

  return {
    attempt,
    stamp,
    say(news) {
      if (news.status === status && isTooSoon()) return;
      status = news.status;
      recent.push(elapsed());
      if (recent.length > perSecond) recent.shift();
      if (news.progress === undefined) return feed.publish(stamp(news));
      furthest = Math.max(furthest, news.progress);
      feed.publish(stamp({ ...news, progress: furthest }));
    },
  };
}
