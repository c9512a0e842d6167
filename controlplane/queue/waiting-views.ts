import type { View } from "#controlplane/watch/hub.ts";
import { delay } from "#shared/async/delay.ts";
import { retry } from "#shared/async/retry.ts";
import type { JobEvent } from "#shared/job/event.ts";
import type { Joined, Reader } from "#shared/job/feed.ts";
import type { Log } from "#shared/log.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { isBeforeWorker, type Placed, type WaitingRoom } from "./waiting-room.ts";

type Options = {
  room: Pick<WaitingRoom, "find" | "positions" | "onChange">;
  /** Opens a sealed order; undefined when no secret does. */
  open(placed: Placed): JobRequestInit | undefined;
  /** Views a job that no longer waits. */
  viewOf(jobId: string): Promise<View>;
  closing: AbortSignal;
  log: Log;
};

/** A waiting job that somebody watches, with its readers and what each of them has read last. */
type Watched = {
  latest: JobEvent;
  readers: Map<Reader, JobEvent | undefined>;
  joined: Joined;
  /** The job at its worker or in its record, once it no longer waits, and what its readers call there. */
  next?: { view: View; joined?: Joined };
};

const everyMs = 2_000;
const pauses = { firstPauseMs: 200, longestPauseMs: 5_000 };

/** Views of jobs that wait: their readers get the position, and then the events of the worker that takes the job. */
export function makeWaitingViews({ room, open, viewOf, closing, log }: Options) {
  const watched = new Map<string, Watched>();
  let isTelling = false;
  let isStale = false;

  const watch = (latest: JobEvent): Watched => {
    const readers: Watched["readers"] = new Map();
    const one: Watched = {
      latest,
      readers,
      joined: {
        next(reader) {
          if (one.next?.joined) return one.next.joined.next(reader);
          if (readers.get(reader) === one.latest) return undefined;
          readers.set(reader, one.latest);
          return one.latest;
        },
        isOver: () => one.next?.joined?.isOver() ?? false,
        leave(reader) {
          one.next?.joined?.leave(reader);
          readers.delete(reader);
          if (readers.size === 0 && watched.get(latest.jobId) === one) watched.delete(latest.jobId);
        },
      },
    };
    watched.set(latest.jobId, one);
    return one;
  };
  const joinNext = (one: Watched, reader: Reader) => {
    if (one.next) one.next.joined = one.next.view.join(reader);
  };

  /** Finds a job that no longer waits where it runs, or in its record. */
  const moveOn = async (jobId: string, one: Watched) => {
    const placed = await room.find(jobId);
    if (one.next || (placed && isBeforeWorker(placed))) return;
    one.next = { view: await viewOf(jobId) };
    const readers = [...one.readers.keys()];
    for (const reader of readers) joinNext(one, reader);
    for (const reader of readers) reader.onUpdate();
  };
  const surelyMoveOn = (jobId: string, one: Watched) =>
    retry(() => moveOn(jobId, one), {
      ...{ ...pauses, signal: closing },
      isRetryable: () => watched.get(jobId) === one,
    }).catch((err) => closing.aborted || log.warn({ err, job_id: jobId }, "a waiting job can no longer be followed"));

  const tellPositions = async () => {
    const waiting = [...watched.values()].filter(({ next }) => !next);
    const positions = await room.positions(waiting.map(({ latest }) => latest.jobId));
    for (const [index, one] of waiting.entries()) {
      const position = positions[index];
      if (position === undefined || position === one.latest.position) continue;
      one.latest = { ...one.latest, position };
      for (const reader of [...one.readers.keys()]) reader.onUpdate();
    }
  };
  /** Tells positions at most once in 2 s, for as long as anything changes. */
  const tellInTime = async () => {
    while (isStale && watched.size > 0 && !closing.aborted) {
      isStale = false;
      await tellPositions().catch((err) => log.warn({ err }, "the positions of waiting jobs cannot be told for now"));
      await delay(everyMs, closing);
    }
  };

  /** Looks at all that are watched, as their changes may have been missed. */
  const lookAtAll = async () => {
    const ids = [...watched.keys()];
    const positions = await room.positions(ids);
    for (const [index, id] of ids.entries()) if (positions[index] === undefined) look(id);
  };
  const look = (jobId: string) => {
    const one = watched.get(jobId);
    if (one) void surelyMoveOn(jobId, one);
  };

  const changes = room.onChange((id) => {
    if (watched.size === 0) return;
    if (id === undefined)
      retry(lookAtAll, { ...pauses, signal: closing }).catch(
        (err) => closing.aborted || log.warn({ err }, "waiting jobs may be followed too late"),
      );
    else look(id);
    isStale = true;
    if (isTelling) return;
    isTelling = true;
    void tellInTime().finally(() => {
      isTelling = false;
    });
  });
  closing.addEventListener("abort", () => changes[Symbol.dispose](), { once: true });

  return {
    /** The view of an order that no worker has accepted yet; `known` is its position, where that was just told. */
    async view(placed: Placed, known?: number): Promise<View> {
      const position = known ?? (await room.positions([placed.id]))[0];
      const latest = waitingEvent(placed, position);
      return {
        latest,
        order: open(placed),
        join(reader) {
          const before = watched.get(placed.id);
          const one = before ?? watch(latest);
          one.readers.set(reader, undefined);
          joinNext(one, reader);
          if (!before) void surelyMoveOn(placed.id, one);
          return one.joined;
        },
      };
    },
  };
}

/** The event of an order that waits. Its number is 0, so that no event of a worker is ever taken for an older one. */
export const waitingEvent = ({ id, addedAt }: Placed, position: number | undefined): JobEvent => ({
  ...{ jobId: id, sequence: 0, status: "queued", attempt: 1 },
  timestamp: new Date(addedAt).toISOString(),
  ...(position !== undefined && { position }),
});
