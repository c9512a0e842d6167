import { randomUUID } from "node:crypto";
import type { EndLost } from "#controlplane/lookup/accepted-place.ts";
import { isFinal } from "#shared/job/status.ts";
import type { CompleteEnds } from "#shared/queue/complete-end.ts";
import type { HandOvers } from "#shared/queue/hand-overs.ts";
import type { Records } from "#shared/records.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { endSequence } from "./endings.ts";
import { unacceptedOrder } from "./unaccepted-order.ts";

type Options = {
  handOvers: Pick<HandOvers, "claimEnd" | "fixEvent">;
  records: Pick<Records, "read">;
  ends: Pick<CompleteEnds, "write">;
  /** The order of a job as the room has it; undefined when the room does not know it. */
  orderOf(jobId: string): Promise<JobRequestInit | undefined>;
};

const timeoutMs = 30_000;

/** Ends a job whose worker is lost: from then on that worker can no longer end it. */
export function makeEndLost({ handOvers, records, ends, orderOf }: Options): EndLost {
  return async (event) => {
    const { jobId } = event;
    const signal = AbortSignal.timeout(timeoutMs);
    const record = await records.read(jobId, signal);
    if (record && isFinal(record.event.status)) return record.event;
    const request = await orderOf(jobId);
    const lost = { ...event, sequence: Math.max(event.sequence, endSequence) };
    const end = { by: "control-plane", admission: randomUUID(), number: 0, event: lost } as const;
    const other = await handOvers.claimEnd(jobId, end, signal);
    // A worker that has claimed the end fixes the event before it tells anybody.
    const decided = other?.by === "worker" ? await handOvers.fixEvent(jobId, end, signal) : other;
    const final = decided?.event ?? lost;
    await ends.write(final, { record, order: request && unacceptedOrder(jobId, request) }, signal);
    return final;
  };
}
