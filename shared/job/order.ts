import * as v from "valibot";
import { type StorageName, storageNames } from "#shared/storage/kinds.ts";
import { type OutputType, outputTypes } from "./event.ts";
import { storedInt32 } from "./number.ts";
import { statusesAmong } from "./status.ts";

/** One encode as a worker has accepted it: every default is filled in. */
export type Order = {
  jobId: string;
  inputUrl: string;
  preset: string;
  output: {
    storage: StorageName;
    /** A key; of an output of many files the folder, which ends in `/`. */
    path: string;
    type: OutputType;
    metadata: Record<string, string>;
    publish: "atomic" | "progressive";
    overwrite: boolean;
  };
  callbackUrl?: string;
  /** Events to post besides the final one. */
  callbackEvents: string[];
  /** Of each attempt. */
  timeoutMs?: number;
  idempotencyKey?: string;
  tenant?: string;
  /** The ended job that this one repeats. */
  retryOf?: string;
  /** How long it waited for the worker's machine to start. */
  coldStartMs?: number;
  /** The trace that it belongs to, in all its attempts. */
  traceparent?: string;
};

const OrderJson = v.object({
  job_id: v.string(),
  input_url: v.string(),
  preset: v.string(),
  output: v.object({
    storage: v.picklist(storageNames),
    path: v.string(),
    type: v.picklist(outputTypes),
    metadata: v.record(v.string(), v.string()),
    publish: v.picklist(["atomic", "progressive"]),
    overwrite: v.boolean(),
  }),
  callback_url: v.exactOptional(v.string()),
  callback_events: v.pipe(
    v.array(v.string()),
    v.transform((names): string[] => statusesAmong(names)),
  ),
  timeout_ms: v.exactOptional(storedInt32),
  idempotency_key: v.exactOptional(v.string()),
  tenant: v.exactOptional(v.string()),
  retry_of: v.exactOptional(v.string()),
  cold_start_ms: v.exactOptional(storedInt32),
  traceparent: v.exactOptional(v.string()),
});
export type OrderJson = v.InferOutput<typeof OrderJson>;

/** The order's shape in journals and records. */
export function orderToJson(order: Order): OrderJson {
  const { jobId, inputUrl, callbackUrl, callbackEvents, timeoutMs, idempotencyKey, retryOf, coldStartMs, ...same } =
    order;
  return {
    job_id: jobId,
    input_url: inputUrl,
    ...same,
    callback_events: callbackEvents,
    ...(callbackUrl !== undefined && { callback_url: callbackUrl }),
    ...(timeoutMs !== undefined && { timeout_ms: timeoutMs }),
    ...(idempotencyKey !== undefined && { idempotency_key: idempotencyKey }),
    ...(retryOf !== undefined && { retry_of: retryOf }),
    ...(coldStartMs !== undefined && { cold_start_ms: coldStartMs }),
  };
}

/** Reads what `orderToJson` wrote. */
export const OrderFromJson = v.pipe(
  OrderJson,
  v.transform((json): Order => {
    const { job_id, input_url, callback_url, callback_events, timeout_ms, idempotency_key, ...rest } = json;
    const { retry_of, cold_start_ms, ...same } = rest;
    return {
      jobId: job_id,
      inputUrl: input_url,
      ...same,
      callbackEvents: callback_events,
      ...(callback_url !== undefined && { callbackUrl: callback_url }),
      ...(timeout_ms !== undefined && { timeoutMs: timeout_ms }),
      ...(idempotency_key !== undefined && { idempotencyKey: idempotency_key }),
      ...(retry_of !== undefined && { retryOf: retry_of }),
      ...(cold_start_ms !== undefined && { coldStartMs: cold_start_ms }),
    };
  }),
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
