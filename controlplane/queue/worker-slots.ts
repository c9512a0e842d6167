import type { Link } from "#controlplane/workers/link.ts";
import type { WorkerStatus } from "#proto/worker/v1/worker_pb.js";
import { Fault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";

type Options = { startupTimeoutMs: number; now(): number; log: Log };

const askTimeoutMs = 2_000;
const restMs = 5_000;

/** What the drainer knows of the workers: which to ask, and which have room for how many orders. */
export function makeWorkerSlots({ startupTimeoutMs, now, log }: Options) {
  const fullUntil = new Map<Link, number>();
  const failedUntil = new Map<Link, number>();
  const offering = new Map<Link, number>();
  const known = new Map<Link, number>();
  const untold = new Set<Link>();

  const since = (times: Map<Link, number>, link: Link) => times.get(link) ?? Number.NEGATIVE_INFINITY;
  const failed = (link: Link) => void failedUntil.set(link, now() + restMs);

  const freeIn = (link: Link, { draining, capabilities, currentJobs, maxConcurrentJobs }: WorkerStatus) => {
    known.set(link, maxConcurrentJobs);
    if (!capabilities.includes("queue")) {
      if (!untold.has(link))
        log.warn({ worker: link.address }, "a worker takes no orders that have waited: upgrade it");
      untold.add(link);
      return 0;
    }
    return draining ? 0 : Math.max(0, maxConcurrentJobs - currentJobs - (offering.get(link) ?? 0));
  };

  return {
    /** How many jobs the worker runs at a time, as last heard; 1 for one that was never heard. */
    size: (link: Link) => known.get(link) ?? 1,
    /** Whether asking the worker would be in vain for a few seconds. */
    isResting: (link: Link) => now() < Math.max(since(fullUntil, link), since(failedUntil, link)),
    /** Notes that the worker has no room: it rests until one of its jobs ends, or for a few seconds. */
    full: (link: Link) => void fullUntil.set(link, now() + restMs),
    /** Notes that the worker takes nothing now: it rests for a few seconds. */
    failed,
    /** Notes that a worker may have room again: this one, or any of them. */
    mayHaveRoom(link?: Link) {
      if (link) fullUntil.delete(link);
      else fullUntil.clear();
    },
    /** The status of a worker, which wakes it; undefined, and it rests, when it does not answer in time. */
    async ask(link: Link, signal: AbortSignal): Promise<{ free: number; active: readonly string[] } | undefined> {
      using _ = link.expect();
      try {
        if (!link.hasAnsweredRecently() && !(await link.wake(startupTimeoutMs, signal)))
          throw new Fault("unreachable", "the worker cannot be reached");
        const status = await link.ask((calls) => calls.getStatus({}, { timeoutMs: askTimeoutMs }));
        return { free: freeIn(link, status), active: status.activeJobIds };
      } catch (err) {
        log.info({ worker: link.address, err }, "a worker does not tell how it is");
        failed(link);
        return undefined;
      }
    },
    /** Counts an order that is offered to the worker until it is disposed. */
    offer(link: Link): Disposable {
      const count = (more: number) => offering.set(link, (offering.get(link) ?? 0) + more);
      count(1);
      return { [Symbol.dispose]: () => void count(-1) };
    },
  };
}

export type WorkerSlots = ReturnType<typeof makeWorkerSlots>;
