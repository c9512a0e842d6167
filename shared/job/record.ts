import * as v from "valibot";
import { fromJsonText } from "#shared/json-text.ts";
import { omitEmpty } from "#shared/omit-empty.ts";
import { EventFromJson, eventToJson, type JobEvent } from "./event.ts";
import { camelKeys } from "./field-names.ts";
import { type Order, OrderFromJson, orderToJson, redactedOrder } from "./order.ts";
import type { PublishedObject } from "./published-object.ts";

/** A job as the storage of records remembers it. */
export type JobRecord = {
  /** The latest event. */
  event: JobEvent;
  /** The order, without the idempotency key and without user info, query and fragment of its URLs. */
  order: Order;
  /** Whether input_url lacks something, so that the order cannot be repeated as it is. */
  sourceRedacted: boolean;
  /** Whether callback_url lacks something. */
  callbackRedacted: boolean;
  /** The state of the webhook of the final event; absent when it was delivered at once or was not asked for. */
  webhook?: WebhookNote;
  /** When a worker took the job from a waiting room, RFC 3339; absent for other jobs. */
  acceptedAt?: string;
  /** The address of that worker, as control planes know it. */
  worker?: string;
  /** How many objects the job has published, and their bytes. They are listed beside the record; absent: nowhere. */
  objects?: v.InferOutput<typeof Objects>;
  /** The name of the folder of the claims on its Idempotency-Key; absent: it had none, or a former version wrote this. */
  claim?: string;
};

/** `pending`: a worker will try again. */
export type WebhookNote = v.InferOutput<typeof WebhookNote>;
const WebhookNote = v.object({
  state: v.picklist(["pending", "delivered", "given_up"]),
  attempts: v.number(),
  error: v.exactOptional(v.string()),
});

const Objects = v.object({ count: v.number(), bytes: v.number() });

const RecordFromJson = v.pipe(
  v.object({
    event: EventFromJson,
    order: OrderFromJson,
    source_redacted: v.optional(v.boolean(), false),
    callback_redacted: v.optional(v.boolean(), false),
    webhook: v.exactOptional(WebhookNote),
    accepted_at: v.exactOptional(v.string()),
    worker: v.exactOptional(v.string()),
    objects: v.exactOptional(Objects),
    claim: v.exactOptional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
  }),
  v.transform((json): JobRecord => camelKeys(json)),
);

/** The text of a job's record, without secrets. */
export function formatRecord(
  order: Order,
  event: JobEvent,
  { objects, claim }: { objects?: readonly PublishedObject[] | undefined; claim?: string | undefined } = {},
): string {
  const kept = redactedOrder(order);
  return textOf({
    event,
    order: kept,
    sourceRedacted: kept.inputUrl !== order.inputUrl,
    callbackRedacted: kept.callbackUrl !== order.callbackUrl,
    ...omitEmpty({ acceptedAt: order.acceptedAt, worker: order.queueAddress, claim }),
    ...(objects && { objects: { count: objects.length, bytes: total(objects) } }),
  });
}

const total = (objects: readonly PublishedObject[]) => objects.reduce((sum, { bytes }) => sum + bytes, 0);

/** The text of the record of a job that ends with this event. */
export const formatEnded = (record: JobRecord, event: JobEvent): string => textOf({ ...record, event });

/** The text of a record with another note on its webhook. */
export const formatNoted = (record: JobRecord, webhook: WebhookNote): string => textOf({ ...record, webhook });

function textOf({
  event,
  order,
  sourceRedacted,
  callbackRedacted,
  webhook,
  acceptedAt,
  worker,
  objects,
  claim,
}: JobRecord): string {
  const json = {
    event: eventToJson(event),
    order: orderToJson(order),
    ...omitEmpty({ source_redacted: sourceRedacted, callback_redacted: callbackRedacted, webhook }),
    ...omitEmpty({ accepted_at: acceptedAt, worker, objects, claim }),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

/** Parses the text of a record; undefined when it is none. */
export const parseRecord = (text: string): JobRecord | undefined => fromJsonText(RecordFromJson, text);
