import type { Link } from "#controlplane/workers/link.ts";
import type { WorkerStatus } from "#proto/worker/v1/worker_pb.js";
import { Fault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";

type Options = { startupTimeoutMs: number; now(): number; log: Log };

/** What a worker says that was asked how it is. */
type Asked = {
  /** How many orders it has room for. */
  free: number;
  /** The ids of its jobs. */
  active: readonly string[];
  /** Notes that it has no room left. */
  full(): void;
};

const askTimeoutMs = 2_000;
const restMs = 5_000;

export type WorkerSlots = ReturnType<typeof makeWorkerSlots>;

/** What the drainer knows of the workers: which to ask, and which have room for how many orders. */
export function makeWorkerSlots({ startupTimeoutMs, now, log }: Options) {
  const rests = { full: new Map<Link, number>(), failed: new Map<Link, number>(), served: new Map<Link, number>() };
  const offered = new Map<Link, Set<string>>();
  const known = new Map<Link, number>();
  const hints = new Map<Link, number>();
  let hintsOfAny = 0;
  const untold = new Set<Link>();
  const capable = new Map<Link, readonly string[]>();

  const rest = (why: keyof typeof rests, link: Link) => void rests[why].set(link, now() + restMs);
  const hintsOf = (link: Link) => (hints.get(link) ?? 0) + hintsOfAny;
  /** What notes that the worker is full, unless one of its jobs ends from now on until then. */
  const fullAsOfNow = (link: Link) => {
    const before = hintsOf(link);
    return () => {
      if (hintsOf(link) === before) rest("full", link);
    };
  };

  const freeIn = (link: Link, { draining, capabilities, ...status }: WorkerStatus) => {
    known.set(link, status.maxConcurrentJobs);
    capable.set(link, capabilities);
    if (!capabilities.includes("queue")) {
      if (!untold.has(link))
        log.warn(
          { worker: link.address },
          "a worker takes no orders that have waited: it is of a former version, or its storage of records cannot tell who has an order",
        );
      untold.add(link);
      return 0;
    }
    // Of the orders that are being offered to it the worker may count some already.
    const coming = [...(offered.get(link) ?? [])].filter((id) => !status.activeJobIds.includes(id));
    return draining ? 0 : Math.max(0, status.maxConcurrentJobs - status.currentJobs - coming.length);
  };

  return {
    /** How many jobs the worker runs at a time, as last heard; 1 for one that was never heard. */
    size: (link: Link) => known.get(link) ?? 1,
    /** What the worker can do beside the fixed calls, as last heard. */
    capabilities: (link: Link) => capable.get(link) ?? [],
    /** Whether asking the worker would be in vain for a few seconds. */
    isResting: (link: Link) => Object.values(rests).some((until) => now() < (until.get(link) ?? 0)),
    /** Notes that the worker takes nothing now: it rests for a few seconds. */
    failed: (link: Link) => rest("failed", link),
    /** Notes that nothing that waits is for this worker: it rests until something changes, or for a few seconds. */
    served: (link: Link) => rest("served", link),
    /** Notes that what waits has changed. */
    changed: () => rests.served.clear(),
    /** Notes that a worker may have room again: this one, or any of them. */
    mayHaveRoom(link?: Link) {
      if (link) hints.set(link, (hints.get(link) ?? 0) + 1);
      else hintsOfAny += 1;
      if (link) rests.full.delete(link);
      else rests.full.clear();
    },
    /** The status of a worker, which wakes it; undefined, and it rests, when it does not answer in time. */
    async ask(link: Link, signal: AbortSignal): Promise<Asked | undefined> {
      using _ = link.expect();
      const full = fullAsOfNow(link);
      try {
        if (!link.hasAnsweredRecently() && !(await link.wake(startupTimeoutMs, signal)))
          throw new Fault("unreachable", "the worker cannot be reached");
        const status = await link.ask((calls) => calls.getStatus({}, { timeoutMs: askTimeoutMs }));
        return { free: freeIn(link, status), active: status.activeJobIds, full };
      } catch (err) {
        log.info({ worker: link.address, err }, "a worker does not tell how it is");
        rest("failed", link);
        return undefined;
      }
    },
    /** Counts an order that is offered to the worker until it is disposed. `full` notes that the worker says it is. */
    offer(link: Link, jobId: string): Disposable & { full(): void } {
      const ids = offered.get(link) ?? new Set();
      offered.set(link, ids.add(jobId));
      return { full: fullAsOfNow(link), [Symbol.dispose]: () => void ids.delete(jobId) };
    },
  };
}
