import * as v from "valibot";
import { fromJsonText } from "#shared/json-text.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { EventFromJson, eventToJson, type JobEvent } from "./event.ts";
import { type CamelKeys, camelKeys, snakeKeys } from "./field-names.ts";
import { sourcesOf } from "./inputs.ts";
import { type Order, OrderFromJson, orderToJson, redactedOrder } from "./order.ts";
import type { PublishedObject } from "./published-object.ts";

/** `pending`: a worker will try again. */
export type WebhookNote = v.InferOutput<typeof WebhookNote>;
const WebhookNote = v.object({
  state: v.picklist(["pending", "delivered", "given_up"]),
  attempts: v.number(),
  error: v.exactOptional(v.string()),
});

const Objects = v.object({ count: v.number(), bytes: v.number() });

/** The JSON of a record. */
const StoredRecord = v.object({
  /** The latest event. */
  event: EventFromJson,
  /** The order, without the idempotency key and without user info, query and fragment of its URLs. */
  order: OrderFromJson,
  /** Whether a URL of what is fetched lacks something, so that the order cannot be repeated as it is. */
  source_redacted: v.optional(v.boolean(), false),
  /** Whether callback_url lacks something. */
  callback_redacted: v.optional(v.boolean(), false),
  /** The state of the webhook of the final event; absent when it was delivered at once or was not asked for. */
  webhook: v.exactOptional(WebhookNote),
  /** When a worker took the job from a waiting room, RFC 3339; absent for other jobs. */
  accepted_at: v.exactOptional(v.string()),
  /** The address of that worker, as control planes know it. */
  worker: v.exactOptional(v.string()),
  /** How many objects the job has published, and their bytes. They are listed beside the record; absent: nowhere. */
  objects: v.exactOptional(Objects),
  /** The name of the folder of the claims on its Idempotency-Key; absent: it had none, or a former version wrote this. */
  claim: v.exactOptional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
});

/** A job as the storage of records remembers it. */
export type JobRecord = CamelKeys<v.InferOutput<typeof StoredRecord>>;

/** The text of a job's record, without secrets. */
export function formatRecord(
  order: Order,
  event: JobEvent,
  { objects, claim }: { objects?: readonly PublishedObject[] | undefined; claim?: string | undefined } = {},
): string {
  const kept = redactedOrder(order);
  return recordText({
    event,
    order: kept,
    sourceRedacted: !isSame(fetchedFor(kept), fetchedFor(order)),
    callbackRedacted: kept.callbackUrl !== order.callbackUrl,
    ...omitEmpty({ acceptedAt: order.acceptedAt, worker: order.queueAddress, claim }),
    ...(objects && { objects: { count: objects.length, bytes: total(objects) } }),
  });
}

/** All that a worker fetches for an order. */
const fetchedFor = (order: Order) =>
  [...sourcesOf(order), ...(order.overlay ?? []), ...(order.subtitles ?? [])].map(({ url }) => url);
const isSame = (ones: readonly unknown[], others: readonly unknown[]) => ones.every((one, at) => one === others[at]);

const total = (objects: readonly PublishedObject[]) => objects.reduce((sum, { bytes }) => sum + bytes, 0);

/** The text that keeps a record. */
export function recordText({ event, order, ...more }: JobRecord): string {
  const fields = snakeKeys<object>(omitEmpty(more), Object.keys(StoredRecord.entries));
  return `${JSON.stringify({ event: eventToJson(event), order: orderToJson(order), ...fields }, null, 2)}\n`;
}

/** Parses the text of a record; undefined when it is none. */
export function parseRecord(text: string): JobRecord | undefined {
  const stored = fromJsonText(StoredRecord, text);
  return stored && camelKeys(stored);
}
