import type { JobEvent } from "#shared/job/event.ts";
import type { Order } from "#shared/job/order.ts";
import type { JobRecord } from "#shared/job/record.ts";
import { isFinal } from "#shared/job/status.ts";
import { jobFields, type Log } from "#shared/log.ts";
import type { Records } from "#shared/records.ts";
import type { Leave } from "#shared/webhooks/notify.ts";
import type { HandOvers } from "./hand-overs.ts";

type Options = {
  handOvers: Pick<HandOvers, "readEnd" | "readEvent">;
  records: Pick<Records, "read" | "write" | "end">;
  /** Absent without WEBHOOK_SECRETS. */
  leave: Leave | undefined;
  now(): number;
  log: Log;
};

/** What is known of a job that has ended: its record, and its order where that is known with its secrets. */
type Known = { record: JobRecord | undefined; order?: Order | undefined };

// A worker tells its final event before it records it, and is given this time to do so.
const recordedAfterMs = 600_000;

export type CompleteEnds = ReturnType<typeof makeCompleteEnds>;

/** Completes ends of jobs that have waited: whoever finds one that was decided and not recorded may do so, and repeat it. */
export function makeCompleteEnds({ handOvers, records, leave, now, log }: Options) {
  /** Keeps the webhook, writes the final record, and begins to send: a crash in between is followed by all of it again. */
  const write = async (event: JobEvent, { record, order }: Known, signal: AbortSignal) => {
    const wanted = order ?? record?.order;
    if (!wanted) return;
    if (!order && record?.callbackRedacted)
      log.error(jobFields(wanted), "the receiver's whole URL is lost: its webhook may not arrive");
    const send = await leave?.(wanted, event, signal);
    if (record) await records.end(record, event, signal);
    else await records.write({ order: wanted, event }, signal);
    send?.();
    log.info({ ...jobFields(wanted), status: event.status, reason: event.error?.message }, "a job was ended");
  };
  /** The event that is decided; undefined when none is, or a worker is about to record it. */
  const decided = async (jobId: string, signal: AbortSignal): Promise<JobEvent | undefined> => {
    const end = await handOvers.readEnd(jobId, signal);
    if (end?.by !== "worker") return end?.event;
    const fixed = await handOvers.readEvent(jobId, signal);
    if (!fixed?.event) return undefined;
    const isRecordedSoon = fixed.by === "worker" && now() - Date.parse(fixed.event.timestamp) < recordedAfterMs;
    return isRecordedSoon ? undefined : fixed.event;
  };

  return {
    write,
    /**
     * Records the end of a job that has one and whose record does not say so, as an acceptance that was recorded late
     * leaves it. Resolves with the final event then.
     */
    async complete(jobId: string, signal: AbortSignal, order?: Order): Promise<JobEvent | undefined> {
      const event = await decided(jobId, signal);
      if (!event) return undefined;
      const record = await records.read(jobId, signal);
      // One that is gone was removed by a client; one that never was is written by whoever knows the job from the room.
      if (!record || isFinal(record.event.status)) return record?.event;
      await write(event, { record, order }, signal);
      return event;
    },
  };
}
