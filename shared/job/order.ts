import * as v from "valibot";
import { storageNames } from "#shared/storage/kinds.ts";
import { outputTypes } from "./event.ts";
import { type CamelKeys, camelKeys, snakeKeys } from "./field-names.ts";
import { storedInt32 } from "./number.ts";
import { statusesAmong } from "./status.ts";

/** The order's shape in journals and records. */
const StoredOrder = v.object({
  job_id: v.string(),
  input_url: v.string(),
  preset: v.string(),
  output: v.object({
    storage: v.picklist(storageNames),
    /** A key; of an output of many files the folder, which ends in `/`. */
    path: v.string(),
    type: v.picklist(outputTypes),
    metadata: v.record(v.string(), v.string()),
    publish: v.picklist(["atomic", "progressive"]),
    overwrite: v.boolean(),
  }),
  tenant: v.exactOptional(v.string()),
  /** The trace that the job belongs to in all its attempts, as W3C Trace Context writes it. */
  traceparent: v.exactOptional(v.string()),
  /** Statuses whose beginning is posted to `callback_url`, besides the final one. */
  callback_events: v.pipe(
    v.array(v.string()),
    v.transform((names): string[] => statusesAmong(names)),
  ),
  callback_url: v.exactOptional(v.string()),
  /** The deadline of each attempt; absent: none. */
  timeout_ms: v.exactOptional(storedInt32),
  idempotency_key: v.exactOptional(v.string()),
  /** The id of the ended job that this one repeats. */
  retry_of: v.exactOptional(v.string()),
  /** How long the order waited for the worker's machine to start; absent: less than a second. */
  cold_start_ms: v.exactOptional(storedInt32),
});
type StoredOrder = v.InferOutput<typeof StoredOrder>;

/** One encode as a worker has accepted it: every default is filled in. */
export type Order = CamelKeys<StoredOrder>;

export const orderToJson = (order: Order) => snakeKeys<StoredOrder>(order, Object.keys(StoredOrder.entries));

/** Reads what `orderToJson` wrote. */
export const OrderFromJson = v.pipe(
  StoredOrder,
  v.transform((json): Order => camelKeys(json)),
);

export const orderFromJson = (json: unknown): Order => v.parse(OrderFromJson, json);

/** What may be recorded of an order: no idempotency key, and of URLs no user info, query or fragment. */
export function redactedOrder({ idempotencyKey, ...order }: Order) {
  const { inputUrl, callbackUrl } = order;
  return {
    ...order,
    inputUrl: redactedUrl(inputUrl),
    ...(callbackUrl !== undefined && { callbackUrl: redactedUrl(callbackUrl) }),
  };
}

// What is no URL may be anything: nothing of it is kept.
function redactedUrl(text: string): string {
  const url = URL.parse(text);
  if (!url) return "";
  if (!url.username && !url.password && !/[?#]/.test(text)) return text;
  url.username = "";
  url.password = "";
  url.search = "";
  url.hash = "";
  return url.href;
}
