import type { JobEvent } from "./event.ts";
import { isFinal } from "./status.ts";

/** The events of one job: published once, followed by any number of readers, each at its own pace. */
export type Feed = {
  readonly latest: JobEvent | undefined;
  /** Numbers must grow. A reader who waits is woken at once; a slow one finds what was kept meanwhile. */
  publish(event: JobEvent): void;
  /** The kept events numbered after `after`, then those to come, to the final one or until the feed is closed. */
  follow(after: number, signal: AbortSignal): AsyncGenerator<JobEvent, void>;
  /** Ends all readers although no final event has come: it may come elsewhere. */
  close(): void;
};

/** Keeps every transition and the latest events, so a reader that comes back in time misses nothing. */
export function makeFeed(keep = 256): Feed {
  const kept: JobEvent[] = [];
  const waiting = new Set<() => void>();
  let isClosed = false;

  const wakeAll = () => {
    for (const wake of waiting) wake();
    waiting.clear();
  };
  const isOver = () => isClosed || (kept.length > 0 && isFinal(kept.at(-1)?.status ?? "queued"));

  return {
    get latest() {
      return kept.at(-1);
    },
    publish(event) {
      kept.push(event);
      if (kept.length > keep) forgetOldest(kept, keep);
      wakeAll();
    },
    async *follow(after, signal) {
      let seen = after;
      while (!signal.aborted) {
        const news = kept.slice(kept.findLastIndex((event) => event.sequence <= seen) + 1);
        for (const event of news) {
          yield event;
          seen = event.sequence;
        }
        if (news.length > 0) continue;
        if (isOver()) return;
        await woken(waiting, signal);
      }
    },
    close() {
      isClosed = true;
      wakeAll();
    },
  };
}

function forgetOldest(kept: JobEvent[], keep: number) {
  const isTransition = (event: JobEvent, index: number) =>
    event.status !== kept[index - 1]?.status || event.attempt !== kept[index - 1]?.attempt;
  const oldest = kept.findIndex((event, index) => index < kept.length - keep && !isTransition(event, index));
  if (oldest >= 0) kept.splice(oldest, 1);
}

const woken = (waiting: Set<() => void>, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const wake = () => {
      waiting.delete(wake);
      signal.removeEventListener("abort", wake);
      resolve();
    };
    waiting.add(wake);
    signal.addEventListener("abort", wake, { once: true });
  });
