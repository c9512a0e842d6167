import type { WakeWorkers } from "#controlplane/dispatch/wake-workers.ts";
import type { Link } from "#controlplane/workers/link.ts";
import type { Links } from "#controlplane/workers/links.ts";
import type { Log } from "#shared/log.ts";
import type { Offering } from "./offering.ts";
import { Fenced, type Share, type WaitingRoom } from "./waiting-room.ts";
import type { WorkerSlots } from "./worker-slots.ts";

/** The drainer's lease of the room. */
export type Lease = {
  fence: number;
  /** Aborts when the lease is lost or the drainer stops. */
  signal: AbortSignal;
  /** Notes that another has it. */
  lose(): void;
};

type Options = {
  room: Pick<WaitingRoom, "take" | "missing">;
  links: Links;
  slots: WorkerSlots;
  offering: Pick<Offering, "offer" | "unsuitable" | "follow">;
  wakeWorkers: WakeWorkers;
  /** What each tenant gets of the workers. */
  shares(): Readonly<Record<string, Share>>;
  /** An order that has waited so long is of the next class. */
  agingMs: number;
  startupTimeoutMs: number;
  /** Called when an order was not accepted, and when a worker could be given none; `error` is what kept it from that. */
  onDone(error?: unknown): void;
  now(): number;
  log: Log;
};

// A refused connection may mean that a machine boots, or that there is none for hours.
const longestRetryMs = 1_000;

/** Gives waiting orders to workers: to those that are awake, and to as many sleeping ones as there is work for. */
export function makeFillWorkers({ room, links, slots, offering, wakeWorkers, onDone, now, log, ...options }: Options) {
  const filling = new Set<Link>();
  /** How many waiting orders may be taken, as last told and less what was taken since. */
  let unmet = 0;
  /** Of each wake that is under way, how many machines it still waits for. */
  const waking = new Set<() => number>();

  const take = (link: Link, fence: number) => {
    const { agingMs, shares } = options;
    const how = { fence, address: link.address, agingMs, shares: shares(), except: offering.unsuitable(link) };
    return room.take({ ...how, now: now() });
  };
  const takeFor = async (link: Link, free: number, full: () => void, { fence, signal }: Lease) => {
    for (let left = free; !signal.aborted; left -= 1) {
      if (left === 0) return full();
      const placed = await take(link, fence);
      if (!placed) return slots.served(link);
      unmet -= 1;
      void offering.offer(link, placed, fence).then(({ isAccepted }) => isAccepted || onDone());
    }
  };
  const fill = async (link: Link, lease: Lease) => {
    const asOf = now();
    const answer = await slots.ask(link, lease.signal);
    if (!answer) return;
    await Promise.all([
      // What the worker has no longer makes room for the next of its tenant once it is clear how that ended.
      room.missing(link.address, answer.active, asOf).then(offering.follow),
      takeFor(link, answer.free, answer.full, lease),
    ]);
  };
  const failed = (link: Link, lease: Lease, error: unknown) => {
    if (error instanceof Fenced) lease.lose();
    else log.warn({ err: error, worker: link.address }, "a worker gets no waiting orders for now");
    slots.failed(link);
    onDone(error);
  };
  const beginToFill = async (link: Link, lease: Lease) => {
    filling.add(link);
    try {
      await fill(link, lease);
    } catch (error) {
      failed(link, lease, error);
    } finally {
      filling.delete(link);
    }
    if (uncovered() > 0) await wakeMore(lease);
  };

  const isIdle = (link: Link) => !filling.has(link) && !slots.isResting(link);
  const serve = (link: Link, lease: Lease) => {
    if (isIdle(link)) void beginToFill(link, lease);
  };
  const idle = () => links.all().filter(isIdle);
  const asleep = () => idle().filter((link) => !link.hasAnsweredRecently());
  /** The orders that those that are being asked may have no room for. */
  const uncovered = () => unmet - sum([...filling].map(slots.size));
  /** How many sleeping workers it takes for them. */
  const needed = () => {
    let [missing, machines] = [uncovered(), 0];
    for (const link of asleep()) {
      if (missing <= 0) break;
      missing -= slots.size(link);
      machines += 1;
    }
    return machines;
  };

  const wake = async (machines: number, lease: Lease) => {
    const awake = new Set<Link>();
    const missing = () => machines - awake.size;
    const wanted = () => Math.min(missing(), needed());
    const { startupTimeoutMs: timeoutMs } = options;
    const how = { timeoutMs, longestRetryMs, wanted, isEnough: () => wanted() <= 0, signal: lease.signal };
    log.info({ machines }, "orders wait: waking workers");
    waking.add(missing);
    for await (const { link, isOwn } of wakeWorkers(asleep().sort(likeliestFirst), how)) {
      if (isOwn) awake.add(link);
      serve(link, lease);
      if (missing() === 0) break;
    }
    waking.delete(missing);
  };
  const wakeMore = async (lease: Lease) => {
    await links.refresh({ isMissed: true });
    const machines = needed() - sum([...waking].map((missing) => missing()));
    if (machines > 0 && !lease.signal.aborted) await wake(machines, lease);
  };

  return {
    /** Whether there is a worker that an order more could be for. */
    hasIdle: () => links.all().some(isIdle),
    /** Begins to give orders to workers, where so many may be taken. */
    begin(demand: number, lease: Lease) {
      unmet = demand;
      if (unmet <= 0) return;
      for (const link of idle()) if (link.hasAnsweredRecently()) serve(link, lease);
      if (uncovered() > 0) void wakeMore(lease);
    },
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

const likeliestFirst = (a: Link, b: Link) => unlikeliness(a) - unlikeliness(b);
const unlikeliness = (link: Link) => (link.failedRecently() ? 2 : 0) + (link.isConnected() ? 0 : 1);
