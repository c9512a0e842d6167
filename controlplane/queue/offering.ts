import { lackedCapability } from "#controlplane/dispatch/lacked-capability.ts";
import type { Refusal } from "#controlplane/dispatch/refusals.ts";
import type { SubmitJob } from "#controlplane/dispatch/submit-job.ts";
import type { Link } from "#controlplane/workers/link.ts";
import type { Links } from "#controlplane/workers/links.ts";
import { abortable } from "#shared/async/abortable.ts";
import { linkedSignal } from "#shared/async/linked-signal.ts";
import { Fault } from "#shared/fault.ts";
import { eventToJson } from "#shared/job/event.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import type { Endings } from "./endings.ts";
import type { FindOut } from "./find-out.ts";
import type { makeFollowJobs } from "./follow-jobs.ts";
import { type HandedOver, handOver } from "./hand-over.ts";
import type { Placed, WaitingRoom } from "./waiting-room.ts";
import type { WorkerSlots } from "./worker-slots.ts";

type Options = SubmitJob & {
  room: WaitingRoom;
  links: Links;
  slots: WorkerSlots;
  /** Opens a sealed order; undefined when no secret does. */
  open(placed: Placed): JobRequestInit | undefined;
  follow: ReturnType<typeof makeFollowJobs>;
  endings: Endings;
  findOut: FindOut;
  now(): number;
};

const clearMs = 2_000;

/** The worker that an order is offered to, and what notes that it is full. */
type Offered = { link: Link; full(): void };

export type Offering = ReturnType<typeof makeOffering>;

/** Offers taken orders to workers, and notes in the room what became of each. */
export function makeOffering({ room, links, slots, open, follow, endings, findOut, ...options }: Options) {
  const { log, now } = options;
  /** Of each worker, the orders that it lacks something for. */
  const lacks = new Map<Link, Map<string, Fault>>();
  const unreadable = new Set<string>();
  /** Orders that are being offered, and those whose hand-over had no clear answer. */
  const offered = new Set<string>();
  const unclear = new Map<string, Placed>();
  const clearing = new Set<string>();

  const forget = (id: string) => {
    unclear.delete(id);
    for (const orders of lacks.values()) orders.delete(id);
  };
  const back = async (fence: number, placed: Placed, number = numberOf(placed)) => {
    unclear.delete(placed.id);
    const before = await room.settle(fence, placed.id, { state: "waiting", number });
    if (isCancelled(before)) await endings.cancel(placed);
  };
  const ended = async (fence: number, placed: Placed, fault: Fault) => {
    forget(placed.id);
    const event = endings.failure(placed, fault);
    await room.settle(fence, placed.id, { state: "ending", event: JSON.stringify(eventToJson(event)) });
    await endings.complete(placed, event);
  };
  const accepted = async (fence: number, placed: Placed, address: string) => {
    forget(placed.id);
    const before = await room.settle(fence, placed.id, { state: "accepted", address, acceptedAt: now() });
    if (before) follow.cancelIfAsked(before, address);
  };

  const refused = async (fence: number, placed: Placed, { link, full }: Offered, refusal: Refusal) => {
    if (refusal instanceof Fault) return lacking(fence, placed, link, refusal);
    if (refusal === "full" || refusal === "later") full();
    else slots.failed(link);
    await back(fence, placed);
  };
  const lacking = async (fence: number, placed: Placed, link: Link, refusal: Fault) => {
    const orders = lacks.get(link) ?? new Map<string, Fault>();
    lacks.set(link, orders.set(placed.id, refusal));
    const isLackedByAll = links.all().every((worker) => lacks.get(worker)?.has(placed.id));
    if (isLackedByAll) await ended(fence, placed, refusal);
    else await back(fence, placed);
  };

  const note = async (fence: number, placed: Placed, to: Offered, answer: HandedOver, order: JobRequestInit) => {
    const { link } = to;
    switch (answer.outcome) {
      case "accepted":
        follow.adopt(answer.accepted, order);
        return accepted(fence, placed, link.address);
      case "refused":
        return refused(fence, placed, to, answer.refusal);
      case "wrong":
        return ended(fence, placed, answer.fault);
      default:
        slots.failed(link);
        unclear.set(placed.id, placed);
    }
  };

  /** Finds out what became of an order, and notes it; what cannot be found out yet is tried again. */
  const clear = async (fence: number, placed: Placed) => {
    const found = await findOut(placed);
    if (found.is === "free") await back(fence, placed, found.number);
    else if (found.is === "ended") {
      forget(placed.id);
      await endings.completeEnded(placed);
    } else if (found.is === "lost") await ended(fence, placed, new Fault("worker_lost", lostMessage));
    else if (found.is === "accepted") {
      await accepted(fence, placed, found.address);
      follow.takeOver(placed.id);
    }
  };

  return {
    /** Whether an order is being offered, or it is not known what became of one. */
    isUnsettled: () => offered.size > 0 || unclear.size > 0,
    /** Whether it is not known what became of an order that nobody is asked about at present. */
    isUnclear: () => unclear.size > 0,
    /** Ids of the orders that are not to be offered to this worker. */
    unsuitable: (link: Link) => [...(lacks.get(link)?.keys() ?? []), ...unreadable],

    /** Offers an order that was taken for this worker. Resolves when the room knows what became of it. */
    async offer(link: Link, placed: Placed, fence: number): Promise<{ isAccepted: boolean }> {
      using slot = slots.offer(link, placed.id);
      // The worker is needed until the job is followed, which holds it too.
      using _held = link.hold();
      offered.add(placed.id);
      try {
        const order = open(placed);
        const lacked = order && lackedCapability(order, slots.capabilities(link));
        if (lacked) await lacking(fence, placed, link, lacked);
        else if (order) {
          const job = { jobId: placed.id, number: numberOf(placed) };
          const answer = await handOver(link, order, job, options);
          await note(fence, placed, { link, full: slot.full }, answer, order);
          return { isAccepted: answer.outcome === "accepted" };
        } else {
          unreadable.add(placed.id);
          log.error({ job_id: placed.id }, "a waiting order cannot be read with QUEUE_SECRET: it is kept, not offered");
          await back(fence, placed);
        }
      } catch (err) {
        unclear.set(placed.id, placed);
        log.warn({ err, job_id: placed.id, worker: link.address }, "it is not clear what became of a waiting order");
      } finally {
        offered.delete(placed.id);
      }
      return { isAccepted: false };
    },
    /** Follows accepted jobs that their worker does not tell of any more. */
    follow(jobIds: readonly string[]) {
      for (const id of jobIds) follow.takeOver(id);
    },
    /** Takes over what a former drainer has left. */
    async takeOver() {
      unclear.clear();
      for (const placed of await room.unsettled()) {
        const { id, place } = placed;
        if (place.state === "offered" && !offered.has(id)) unclear.set(id, placed);
        if (place.state !== "accepted") continue;
        follow.takeOver(id);
        follow.cancelIfAsked(placed, place.address);
      }
    },
    /** Tries to find out what became of orders, and completes ends that were begun and not completed. */
    async settle(fence: number) {
      const waits = [...unclear.values()].filter(({ id }) => !offered.has(id) && !clearing.has(id));
      const surely = async (placed: Placed) => {
        clearing.add(placed.id);
        await clear(fence, placed)
          .catch((err) => log.warn({ err, job_id: placed.id }, "what became of a waiting order is not known yet"))
          .finally(() => clearing.delete(placed.id));
      };
      // A worker may take long to wake: the others are not to wait for that.
      using inTime = linkedSignal([], clearMs);
      await abortable(Promise.all(waits.map(surely)), inTime.signal).catch(() => {});
      await endings.completeBegun();
    },
  };
}

const lostMessage = "the worker that was given the job is gone and nobody can finish it";

const numberOf = ({ place }: Placed) => ("number" in place ? place.number : 1);
const isCancelled = (placed: Placed | undefined) => placed?.place.state === "offered" && placed.place.isCancelled;
