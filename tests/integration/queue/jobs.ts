import type { JobEvent } from "#shared/job/event.ts";
import type { Order } from "#shared/job/order.ts";
import { anOrder } from "#tests/support/orders.ts";
import type { workersOfRoom } from "./rig.ts";

export type Room = Awaited<ReturnType<typeof workersOfRoom>>;

/** An event of a job: queued, unless it says otherwise. */
export const eventOf = (jobId: string, more: Partial<JobEvent> = {}): JobEvent => ({
  ...{ jobId, sequence: 1, attempt: 1, status: "queued", timestamp: new Date().toISOString() },
  ...more,
});
/** The record of a job that a worker has accepted from a room. */
export const accepted = (jobId: string, room: Room, more: Partial<Order> = {}) => ({
  event: eventOf(jobId, { acceptedAt: new Date(0).toISOString() }),
  order: {
    ...anOrder({ jobId, callbackUrl: room.receiver.url.split("?")[0] ?? "" }),
    ...{ queueTry: 1, queueAddress: "127.0.0.1:9", queueAdmission: "a", acceptedAt: new Date(0).toISOString() },
    ...{ timeoutMs: 1_000, ...more },
  },
});
