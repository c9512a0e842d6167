import { type JobEvent, type JobNews, sequenceBefore } from "#shared/job/event.ts";
import type { Feed } from "#shared/job/feed.ts";

const perSecond = 4;

/** Publishes what an attempt has to say. */
export type Reporter = {
  attempt: number;
  /** Transitions always, progress at most 4 times a second; `progress` never goes back. */
  say(news: JobNews): void;
  /** The event that would be said now; the final one is written down before it is published. */
  stamp(news: JobNews): JobEvent;
};

export function makeReporter(jobId: string, attempt: number, feed: Feed, now: () => number): Reporter {
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
      ...news,
    };
  };

  const isTooSoon = () => {
    const oldest = recent.length < perSecond ? undefined : recent[0];
    return oldest !== undefined && now() - oldest < 1_000;
  };

  return {
    attempt,
    stamp,
    say(news) {
      if (news.status === status && isTooSoon()) return;
      status = news.status;
      recent.push(now());
      if (recent.length > perSecond) recent.shift();
      if (news.progress === undefined) return feed.publish(stamp(news));
      furthest = Math.max(furthest, news.progress);
      feed.publish(stamp({ ...news, progress: furthest }));
    },
  };
}
