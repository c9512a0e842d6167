import type { Link } from "#controlplane/workers/link.ts";
import type { Links } from "#controlplane/workers/links.ts";
import { abortable } from "#shared/async/abortable.ts";
import { delay } from "#shared/async/delay.ts";
import { linkedSignal } from "#shared/async/linked-signal.ts";
import type { Log } from "#shared/log.ts";
import { makeAlarm } from "./alarm.ts";
import { demandIn } from "./demand.ts";
import type { Offering } from "./offering.ts";
import { Fenced, type Share, type WaitingRoom } from "./waiting-room.ts";
import type { WorkerSlots } from "./worker-slots.ts";

type Options = {
  room: WaitingRoom;
  links: Links;
  slots: WorkerSlots;
  offering: Offering;
  /** What each tenant gets of the workers. */
  shares(): Readonly<Record<string, Share>>;
  /** An order that has waited so long is of the next class. */
  agingMs: number;
  /** An order that has waited so long is ended. */
  waitMs: number;
  /** Ends an order that has waited too long. */
  expire(id: string): Promise<void>;
  /** A name for this control plane that no other has. */
  holder: string;
  now(): number;
  log: Log;
};

const leaseMs = 10_000;
const passMs = 3_000;
const awayMs = 1_000;
const askedMs = 2_000;

/** Hands waiting orders to workers, as the one control plane that has the lease of the room. */
export type Drainer = {
  /** To be called when something may be to do: an order was added, or a worker may have room. */
  wake(): void;
  /** To be called when a worker may have room: this one, or any of them. */
  mayHaveRoom(link?: Link): void;
  /** Resolves when it has stopped. Orders that are being offered are settled by the next drainer. */
  stop(): Promise<void>;
};

export function makeDrainer({ room, links, slots, offering, log, now, ...options }: Options): Drainer {
  const stopping = new AbortController();
  const { signal } = stopping;
  const alarm = makeAlarm(signal);
  const filling = new Map<Link, Promise<void>>();
  let running: Promise<void> | undefined;
  let fence: number | undefined;

  /** Takes orders for a worker for as long as it has room. */
  const fill = async (link: Link, held: number) => {
    const asOf = now();
    const answer = await slots.ask(link, signal);
    if (!answer) return;
    await room.reconcile(link.address, answer.active, asOf);
    const common = { fence: held, address: link.address, agingMs: options.agingMs };
    for (let free = answer.free; !signal.aborted && fence === held; free -= 1) {
      if (free === 0) return slots.full(link);
      const except = offering.unsuitable(link);
      const placed = await room.take({ ...common, shares: options.shares(), except, now: now() });
      if (!placed) return;
      void offering.offer(link, placed, held).then(alarm.ring);
    }
  };
  const beginToFill = (link: Link, held: number) => {
    const filled = fill(link, held)
      .catch((error) => {
        if (error instanceof Fenced) fence = undefined;
        else log.warn({ err: error, worker: link.address }, "a worker gets no waiting orders for now");
        slots.failed(link);
      })
      .finally(() => {
        filling.delete(link);
        alarm.ring();
      });
    filling.set(link, filled);
    return filled;
  };
  const idle = () => links.all().filter((link) => !filling.has(link) && !slots.isResting(link));

  /** Wakes as many workers as there is work for, all at once. One that is being asked already counts for it. */
  const wakeFor = (demand: number, held: number) => {
    let missing = demand - sum([...filling.keys()].map(slots.size));
    for (const link of idle().sort(likeliestFirst)) {
      if (missing <= 0) return;
      log.info({ worker: link.address }, "orders wait: waking a worker");
      missing -= slots.size(link);
      void beginToFill(link, held);
    }
  };

  /** One look at everything. False when there is nothing to do until somebody rings. */
  const pass = async (held: number) => {
    await links.refresh();
    let summary = await room.summary();
    if (summary.oldest !== undefined && summary.oldest <= now() - options.waitMs)
      for (const id of await room.addedBefore(now() - options.waitMs)) await options.expire(id);
    if (summary.ending > 0 || offering.isUnsettled()) await offering.settle(held);
    if (demandIn(summary, options.shares()) > 0) {
      // A front keeps its connection open while the machine behind it sleeps, and each question would wake that.
      const awake = idle().filter((link) => link.hasAnsweredRecently());
      using inTime = linkedSignal([signal], askedMs);
      await abortable(Promise.all(awake.map((link) => beginToFill(link, held))), inTime.signal).catch(() => {});
      summary = await room.summary();
      wakeFor(demandIn(summary, options.shares()), held);
    }
    return summary.waiting.length > 0 || summary.ending > 0 || offering.isUnsettled();
  };

  const drain = async () => {
    const held = await room.lease(options.holder, leaseMs);
    if (held === undefined) return othersTurn();
    if (held !== fence) {
      fence = held;
      await offering.takeOver();
    }
    const isBusy = await pass(held);
    if (isBusy) await alarm.wait(passMs);
    return isBusy;
  };
  /** Another control plane drains the room: it is looked after again when that one's lease has run out. */
  const othersTurn = async () => {
    fence = undefined;
    await delay(leaseMs, signal);
    const { waiting, ending, running: taken } = await room.summary();
    return waiting.length > 0 || ending > 0 || taken.length > 0;
  };

  const run = async () => {
    let isBusy = true;
    while (!signal.aborted && (isBusy || alarm.isRung)) {
      if (!isBusy) await alarm.wait(0);
      isBusy = await drain().catch(async (error) => {
        fence = undefined;
        log.warn({ err: error }, "waiting orders cannot be handed over for now");
        await alarm.wait(awayMs);
        return true;
      });
    }
    if (fence !== undefined) await room.release(fence).catch(() => {});
    fence = undefined;
  };
  const begin = () => {
    if (signal.aborted) return;
    running ??= run().finally(() => {
      running = undefined;
      if (alarm.isRung) begin();
    });
  };

  const wake = () => {
    alarm.ring();
    begin();
  };

  return {
    wake,
    mayHaveRoom(link) {
      slots.mayHaveRoom(link);
      if (running) wake();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

const likeliestFirst = (a: Link, b: Link) => unlikeliness(a) - unlikeliness(b);
const unlikeliness = (link: Link) => (link.failedRecently() ? 2 : 0) + (link.isConnected() ? 0 : 1);
