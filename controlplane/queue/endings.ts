import { randomUUID } from "node:crypto";
import type { Fault } from "#shared/fault.ts";
import { EventFromJson, eventToJson, type JobEvent, sequenceBefore } from "#shared/job/event.ts";
import { fromJsonText } from "#shared/json-text.ts";
import type { Log } from "#shared/log.ts";
import type { CompleteEnds } from "#shared/queue/complete-end.ts";
import type { HandOvers } from "#shared/queue/hand-overs.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { unacceptedOrder } from "./unaccepted-order.ts";
import type { Place, Placed, WaitingRoom } from "./waiting-room.ts";

export type EndingsOptions = {
  room: WaitingRoom;
  /** Opens a sealed order; undefined when no secret does. */
  open(placed: Placed): JobRequestInit | undefined;
  handOvers: Pick<HandOvers, "claimEnd">;
  ends: Pick<CompleteEnds, "write">;
  now(): number;
  log: Log;
};

const completeTimeoutMs = 30_000;

export type Endings = ReturnType<typeof makeEndings>;

/**
 * Ends jobs that no worker ends: cancelled or expired while they wait, refused by all workers, or lost with a worker
 * that was given them. Each step may be repeated by any control plane until the room forgets the job.
 */
export function makeEndings({ room, open, handOvers, ends, now, log }: EndingsOptions) {
  const begun = new Map<string, number>();

  const finalEvent = (id: string, how: Pick<JobEvent, "status" | "message" | "error">): JobEvent => ({
    ...{ jobId: id, sequence: endSequence, attempt: 1 },
    timestamp: new Date(now()).toISOString(),
    ...how,
  });
  const failure = ({ id }: Pick<Placed, "id">, { kind, message }: Pick<Fault, "kind" | "message">) =>
    finalEvent(id, { status: "failed", message: "Failed", error: { kind, message } });

  /** Records the end and sends the webhook, unless a worker has ended the job first. Then the room forgets it. */
  const complete = async (placed: Placed, event: JobEvent) => {
    const { id, tenant, place } = placed;
    const number = "number" in place ? place.number : 0;
    const signal = AbortSignal.timeout(completeTimeoutMs);
    const other = await handOvers.claimEnd(id, { by: "control-plane", admission: randomUUID(), number, event }, signal);
    // Whoever ends a job beside this one is another control plane, which may have died, or the job's worker.
    if (other?.by !== "worker") {
      const order = unacceptedOrder(id, { tenant, ...open(placed) });
      await ends.write(other?.event ?? event, { record: undefined, order }, signal);
    }
    await room.remove(id);
    begun.delete(id);
  };
  const end = async (placed: Pick<Placed, "id">, event: JobEvent, isCancel: boolean): Promise<Place | undefined> => {
    const place = await room.end(placed.id, JSON.stringify(eventToJson(event)), { isCancel });
    if (place?.state !== "ending") return place;
    const found = await room.find(placed.id);
    if (found) await complete(found, eventIn(place.event) ?? event);
    return place;
  };

  return {
    failure,
    complete,
    /** Completes the end that a control plane has begun in the storage of records, or forgets a job that its worker has ended. */
    completeEnded: (placed: Placed) => complete(placed, failure(placed, lost)),
    /** Ends an order that waits as cancelled, and marks one that is offered. Resolves with the place it has then. */
    cancel: (placed: Pick<Placed, "id">) => {
      const error = { kind: "cancelled", message: "the job was cancelled" } as const;
      return end(placed, finalEvent(placed.id, { status: "cancelled", message: "Cancelled", error }), true);
    },
    /** Ends an order that waits as failed. */
    fail: (placed: Pick<Placed, "id">, fault: Pick<Fault, "kind" | "message">) =>
      end(placed, failure(placed, fault), false),
    /** Completes ends that somebody began a while ago: their control plane died, or the storage was away. */
    async completeBegun() {
      for (const placed of await room.unsettled()) {
        const event = placed.place.state === "ending" ? eventIn(placed.place.event) : undefined;
        if (!event) continue;
        const since = begun.get(placed.id) ?? now();
        begun.set(placed.id, since);
        if (now() - since >= completeTimeoutMs / 10)
          await complete(placed, event).catch((err) =>
            log.warn({ err, job_id: placed.id }, "an end is not recorded yet"),
          );
      }
    },
  };
}

// Above all numbers that a worker may have sent before: readers leave out what is not newer.
export const endSequence = sequenceBefore(1_000) + 1;

const lost = { kind: "worker_lost", message: "the job's worker is gone and nobody can finish it" } as const;

/** The event that the room keeps as text; undefined for one that cannot be read. */
const eventIn = (text: string) => fromJsonText(EventFromJson, text);
