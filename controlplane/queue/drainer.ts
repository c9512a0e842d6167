import type { Link } from "#controlplane/workers/link.ts";
import type { Links } from "#controlplane/workers/links.ts";
import { delay } from "#shared/async/delay.ts";
import type { Log } from "#shared/log.ts";
import { makeAlarm } from "./alarm.ts";
import { demandIn } from "./demand.ts";
import type { Lease, makeFillWorkers } from "./fill-workers.ts";
import type { Offering } from "./offering.ts";
import type { RoomSummary, Share, WaitingRoom } from "./waiting-room.ts";
import type { WorkerSlots } from "./worker-slots.ts";

type Options = {
  room: WaitingRoom;
  links: Links;
  slots: WorkerSlots;
  offering: Offering;
  /** Makes what gives orders to workers, which calls back when there may be more to do. */
  fillWorkers(onDone: (error?: unknown) => void): ReturnType<typeof makeFillWorkers>;
  /** What each tenant gets of the workers. */
  shares(): Readonly<Record<string, Share>>;
  /** Ends orders that have waited too long. */
  expire(summary: RoomSummary): Promise<void>;
  /** A name for this control plane that no other has. */
  holder: string;
  log: Log;
};

const leaseMs = 10_000;
const passMs = 3_000;
const awayMs = 1_000;

/** Hands waiting orders to workers, as the one control plane that has the lease of the room. */
export function makeDrainer({ room, links, slots, offering, log, ...options }: Options) {
  const stopping = new AbortController();
  const { signal } = stopping;
  const alarm = makeAlarm(signal);
  const how = { signal, log };
  let running: Promise<void> | undefined;
  let lease: Lease | undefined;
  /** Whether the room may hold orders of which nobody here knows what became. */
  let isUnsure = true;
  const fillWorkers = options.fillWorkers((error) => {
    isUnsure ||= error !== undefined;
    alarm.ring();
  });
  const settle = inBackground(offering.settle, "what became of waiting orders cannot be found out for now", how);
  const expire = inBackground(options.expire, "orders that have waited too long are not ended for now", how);

  const giveUp = () => {
    lease?.lose();
    lease = undefined;
  };
  /** Gets or renews the lease; undefined while another has it. */
  const renewed = async () => {
    const [fence, summary] = await Promise.all([room.lease(options.holder, leaseMs), room.summary()]);
    if (fence !== lease?.fence || lease?.signal.aborted) giveUp();
    if (fence === undefined) return undefined;
    if (!lease || isUnsure) {
      isUnsure = false;
      await offering.takeOver();
    }
    lease ??= leaseOf(fence);
    return { lease, summary };
  };

  const drain = async () => {
    await links.refresh();
    const held = await renewed();
    if (!held) return othersTurn();
    const { summary, lease: current } = held;
    fillWorkers.begin(demandIn(summary, options.shares()), current);
    expire(summary);
    if (summary.ending > 0 || offering.isUnclear()) settle(current.fence);
    const isBusy = summary.waiting.length > 0 || summary.ending > 0 || offering.isUnsettled();
    if (isBusy) await alarm.wait(passMs);
    return isBusy;
  };
  /** Another control plane drains the room: it is looked after again when that one's lease has run out. */
  const othersTurn = async () => {
    await delay(leaseMs, signal);
    const { waiting, ending, running: taken } = await room.summary();
    return waiting.length > 0 || ending > 0 || taken.length > 0;
  };

  const run = async () => {
    let isBusy = false;
    while (!signal.aborted && (isBusy || alarm.isRung)) {
      if (!isBusy) await alarm.wait(0);
      isBusy = await drain().catch(async (error) => {
        isUnsure = true;
        log.warn({ err: error }, "waiting orders cannot be handed over for now");
        await alarm.wait(awayMs);
        return true;
      });
    }
    if (lease) await room.release(lease.fence).catch(() => {});
    giveUp();
  };
  const begin = () => {
    if (signal.aborted) return;
    running ??= run().finally(() => {
      running = undefined;
      if (alarm.isRung) begin();
    });
  };

  return {
    /** To be called when what waits has changed. */
    wake() {
      slots.changed();
      // Where all workers are full, an order more changes nothing.
      if (!running || fillWorkers.hasIdle()) alarm.ring();
      begin();
    },
    /** To be called when a worker may have room: this one, or any of them. */
    mayHaveRoom(link?: Link) {
      slots.mayHaveRoom(link);
      if (running) alarm.ring();
    },
    /** Resolves when it has stopped. Orders that are being offered are settled by the next drainer. */
    async stop() {
      stopping.abort();
      lease?.lose();
      await running;
    },
  };
}

function leaseOf(fence: number): Lease {
  const lost = new AbortController();
  return { fence, signal: lost.signal, lose: () => lost.abort() };
}

/** Does work that nobody waits for, one at a time and with pauses: what is asked for meanwhile is left to the next time. */
function inBackground<T>(
  work: (given: T) => Promise<void>,
  failure: string,
  { signal, log }: { signal: AbortSignal; log: Log },
) {
  let isUnderWay = false;
  return (given: T) => {
    if (isUnderWay) return;
    isUnderWay = true;
    void work(given)
      .catch((err) => log.warn({ err }, failure))
      .then(() => delay(awayMs, signal))
      .finally(() => {
        isUnderWay = false;
      });
  };
}
