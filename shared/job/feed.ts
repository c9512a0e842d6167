import type { JobEvent } from "./event.ts";
import { isFinal } from "./status.ts";

/** The events of one job: published once, followed by any number of readers, each at its own pace. */
export type Feed = ReturnType<typeof makeFeed>;

/** A reader of events. There may be thousands, so that each has no more state than this. */
export type Reader = {
  /** The sequence number of the last event that it has read; 0: none. */
  seen: number;
  /** Called when there may be another event to read, or none will come. */
  onUpdate(): void;
};
export type Join = (reader: Reader) => Joined;

/** What a reader calls once it has joined; one object for all readers of a feed. */
export type Joined = {
  /** Returns the next event for the reader; undefined when there is none yet. */
  next(reader: Reader): JobEvent | undefined;
  /** Whether no events will come besides those that are there. */
  isOver(): boolean;
  /** Must be called once, when the reader stops reading. */
  leave(reader: Reader): void;
};

/**
 * Makes a feed. It keeps every change of status and the latest events, so that a reader that comes back in time misses
 * nothing.
 */
export function makeFeed({ keep = 256, onLeave }: { keep?: number; onLeave?(): void } = {}) {
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
    /** The event that was published last; undefined before the first. */
    get latest() {
      return kept.at(-1);
    },
    /** The number of readers that have joined and not left. */
    get readers() {
      return readers.size;
    },
    /** Publishes an event; sequence numbers must increase. Waiting readers are woken at once, slow ones read it later. */
    publish(event: JobEvent) {
      kept.push(event);
      if (kept.length > keep) forgetOldest(kept, keep);
      tellAll();
    },
    /** Adds a reader, which is then told of every event. */
    join,
    /**
     * Yields the kept events after a sequence number, then those to come, until the final one or until the feed is
     * closed.
     */
    follow: (after: number, signal: AbortSignal) => follow(join, after, signal),
    /** Ends all readers without a final event, which may be published elsewhere. */
    close() {
      isClosed = true;
      tellAll();
    },
  };
}

/** Yields the events after a sequence number as they come, until the last one or until the signal aborts. */
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
