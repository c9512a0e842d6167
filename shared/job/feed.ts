import type { JobEvent } from "./event.ts";
import { isFinal } from "./status.ts";

/** The events of one job: published once, followed by any number of readers, each at its own pace. */
export type Feed = {
  readonly latest: JobEvent | undefined;
  /** How many have joined and not left. */
  readonly readers: number;
  /** Numbers must grow. A reader who waits is woken at once; a slow one finds what was kept meanwhile. */
  publish(event: JobEvent): void;
  /** The kept events numbered after `after`, then those to come, to the final one or until the feed is closed. */
  follow(after: number, signal: AbortSignal): AsyncGenerator<JobEvent, void>;
  join: Join;
  /** Ends all readers although no final event has come: it may come elsewhere. */
  close(): void;
};

/** One who reads events; there may be thousands, so that what one needs of its own is no more than this. */
export type Reader = {
  /** The number of the last event that it has read. */
  seen: number;
  /** Called when there may be another event to read, or none will come. */
  onUpdate(): void;
};
export type Join = (reader: Reader) => Joined;

/** What a reader does once it has joined; shared by all who did. */
export type Joined = {
  /** Takes the next event, if it is there. */
  next(reader: Reader): JobEvent | undefined;
  /** Whether nothing will come but what is there. */
  isOver(): boolean;
  /** To be called once. */
  leave(reader: Reader): void;
};

/** Keeps every transition and the latest events, so a reader that comes back in time misses nothing. */
export function makeFeed({ keep = 256, onLeave }: { keep?: number; onLeave?(): void } = {}): Feed {
  const kept: JobEvent[] = [];
  const readers = new Set<Reader>();
  let isClosed = false;

  const tellAll = () => {
    for (const reader of readers) reader.onUpdate();
  };
  const joined: Joined = {
    next(reader) {
      const event = kept[kept.findLastIndex(({ sequence }) => sequence <= reader.seen) + 1];
      if (event) reader.seen = event.sequence;
      return event;
    },
    isOver: () => isClosed || isFinal(kept.at(-1)?.status ?? "queued"),
    leave(reader) {
      readers.delete(reader);
      onLeave?.();
    },
  };
  const join: Join = (reader) => {
    readers.add(reader);
    return joined;
  };

  return {
    get latest() {
      return kept.at(-1);
    },
    get readers() {
      return readers.size;
    },
    publish(event) {
      kept.push(event);
      if (kept.length > keep) forgetOldest(kept, keep);
      tellAll();
    },
    join,
    follow: (after, signal) => follow(join, after, signal),
    close() {
      isClosed = true;
      tellAll();
    },
  };
}

/** The events after a number as they come, to the last or until the signal aborts. */
export async function* follow(join: Join, after: number, signal: AbortSignal): AsyncGenerator<JobEvent, void> {
  let wake = () => {};
  const onUpdate = () => wake();
  const reader = { seen: after, onUpdate };
  const { next, isOver, leave } = join(reader);
  signal.addEventListener("abort", onUpdate);
  try {
    while (!signal.aborted) {
      for (let event = next(reader); event; event = next(reader)) yield event;
      if (isOver() || signal.aborted) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal.removeEventListener("abort", onUpdate);
    leave(reader);
  }
}

function forgetOldest(kept: JobEvent[], keep: number) {
  const isTransition = (event: JobEvent, index: number) =>
    event.status !== kept[index - 1]?.status || event.attempt !== kept[index - 1]?.attempt;
  const oldest = kept.findIndex((event, index) => index < kept.length - keep && !isTransition(event, index));
  if (oldest >= 0) kept.splice(oldest, 1);
}
