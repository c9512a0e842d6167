import * as v from "valibot";
import { EventJson, eventFromJson, eventToJson, type JobEvent } from "./event.ts";
import { type Order, OrderFromJson, orderToJson, redactedOrder } from "./order.ts";

/** A job as the storage remembers it. */
export type JobRecord = {
  /** The last one. */
  event: JobEvent;
  /** Without the idempotency key, and without user info, query and fragment of its URLs. */
  order: Order;
  /** True when something was left out of the source's URL, so that the order cannot be repeated as it is. */
  sourceRedacted: boolean;
};

const RecordFromJson = v.pipe(
  v.object({ event: EventJson, order: OrderFromJson, source_redacted: v.optional(v.boolean(), false) }),
  v.transform(
    ({ event, order, source_redacted }): JobRecord => ({
      event: eventFromJson(event),
      order,
      sourceRedacted: source_redacted,
    }),
  ),
);

/** What may be kept of a job, as JSON. */
export function formatRecord(order: Order, event: JobEvent): string {
  const kept = redactedOrder(order);
  const sourceRedacted = kept.inputUrl !== order.inputUrl;
  const json = {
    event: eventToJson(event),
    order: orderToJson(kept),
    ...(sourceRedacted && { source_redacted: true }),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

/** The record that a text holds, or undefined if it holds none. */
export function parseRecord(text: string): JobRecord | undefined {
  try {
    return v.parse(RecordFromJson, JSON.parse(text));
  } catch {
    return undefined;
  }
}
