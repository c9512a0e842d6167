import * as v from "valibot";
import { described, optional } from "#shared/described.ts";
import { type CamelKeys, camelKeys, snakeKeys } from "./field-names.ts";
import { storedInt32, storedInt64 } from "./number.ts";

/** The JSON of a receipt in REST, SSE, webhooks and records. */
export const ReceiptJson = v.object({
  worker_seconds: described(v.number(), "Seconds that the worker spent on it, in all attempts.", 31.4),
  cpu_seconds: described(v.number(), "CPU seconds of ffmpeg and ffprobe.", 58.9),
  peak_memory: described(v.number(), "The most memory that an ffmpeg had, in bytes.", 268_435_456),
  bytes_in: described(v.number(), "Bytes of source fetched.", 73_400_320),
  bytes_out: described(v.number(), "Bytes of output sent to the storage.", 18_874_368),
  storage_requests: described(
    v.number(),
    "Requests to the output's storage, repeated ones included: calls of S3, commands of FTP, operations on a local disk.",
    9,
  ),
  cold_start_seconds: described(
    v.number(),
    "Seconds that the order waited for the worker's machine to start; 0 when it was less than one, as with a worker that only had to be connected to.",
    12.5,
  ),
  attempts: described(v.number(), "How often it was begun.", 1),
  encode_seconds: described(v.number(), "Seconds that encoding took.", 25.1),
  media_seconds: described(v.number(), "Seconds of media encoded; by encode_seconds, the realtime factor.", 60),
  source_seconds: described(v.number(), "Seconds that fetching the source took.", 3.2),
  upload_seconds: described(v.number(), "Seconds in which something was being uploaded.", 2.6),
  measure_cpu_seconds: optional(
    v.number(),
    "Those of cpu_seconds that measuring the output's quality took; absent when it was not measured.",
    41.7,
  ),
  aim_cpu_seconds: optional(
    v.number(),
    "Those of cpu_seconds that finding its CRFs and renditions took; absent when none were looked for.",
    63.2,
  ),
  cost: optional(
    v.number(),
    "Its share of the worker's time at PRICE_PER_WORKER_HOUR, in the currency of that price.",
    0.0052,
  ),
});
type ReceiptJson = v.InferOutput<typeof ReceiptJson>;

/** What a job took in all its attempts, with the fields of `ReceiptJson`. */
export type Receipt = CamelKeys<ReceiptJson>;

/** A receipt as this or a former version has stored it; what a former version did not measure is 0. */
export const StoredReceipt = v.pipe(
  v.record(v.string(), v.unknown()),
  v.transform((stored) => ({
    ...{ peak_memory: 0, storage_requests: 0, cold_start_seconds: 0, attempts: 0 },
    ...{ encode_seconds: 0, media_seconds: 0, source_seconds: 0, upload_seconds: 0 },
    ...stored,
  })),
  v.object({
    ...ReceiptJson.entries,
    bytes_in: storedInt64,
    bytes_out: storedInt64,
    storage_requests: storedInt64,
    peak_memory: storedInt64,
    attempts: storedInt32,
  }),
);

export const receiptToJson = (receipt: Receipt) => snakeKeys<ReceiptJson>(receipt, Object.keys(ReceiptJson.entries));

export const receiptFromJson = (json: ReceiptJson): Receipt => camelKeys(json);
