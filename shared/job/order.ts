import * as v from "valibot";
import { storageNames } from "#shared/storage/kinds.ts";
import { ClipJson } from "./clip.ts";
import { outputTypes } from "./event.ts";
import { type CamelKeys, camelKeys, snakeKeys } from "./field-names.ts";
import { Inputs } from "./inputs.ts";
import { metrics } from "./metric.ts";
import { storedInt32 } from "./number.ts";
import { Overlays } from "./overlay.ts";
import { Params } from "./params.ts";
import { PictureSettings } from "./picture.ts";
import { priorities } from "./priority.ts";
import { QualityTarget } from "./quality-target.ts";
import { SoundOrder } from "./sound-order.ts";
import { statusesAmong } from "./status.ts";
import { Subtitles } from "./subtitles.ts";
import { Thumbnails } from "./thumbnails.ts";

/** What of an output only a worker can fill in where the order does not say it. */
export const workersChoice = ["storage", "path", "type"] as const;

/** The JSON of an order in journals and records. */
const StoredOrder = v.object({
  job_id: v.string(),
  /** Where the source is; empty where several are joined. */
  input_url: v.string(),
  preset: v.string(),
  output: v.object({
    storage: v.picklist(storageNames),
    /** The key in the storage; of an output with many files the folder, which ends in `/`. */
    path: v.string(),
    type: v.picklist(outputTypes),
    metadata: v.record(v.string(), v.string()),
    publish: v.picklist(["atomic", "progressive"]),
    overwrite: v.boolean(),
    /** Whether the job's certificate lies beside the output as well; absent: not. */
    certificate: v.exactOptional(v.boolean()),
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
  /** What of `output` says nothing, because no worker has accepted the order; absent: nothing of it. */
  unchosen: v.exactOptional(v.array(v.picklist(workersChoice))),
  /** How long the order waited for the worker's machine to start; absent: less than a second. */
  cold_start_ms: v.exactOptional(storedInt32),
  /** Whose turn comes first among orders that wait; absent: normal. */
  priority: v.exactOptional(v.picklist(priorities)),
  /** What the quality of the output is measured by; absent: it is not measured. */
  measure: v.exactOptional(v.picklist(metrics)),
  /** The quality that is aimed at; absent: the preset's. */
  quality: v.exactOptional(QualityTarget),
  /** What of the preset's settings is changed; absent: nothing. */
  params: v.exactOptional(Params),
  /** What of the picture is other than in the source; absent: as the preset has it. */
  picture: v.exactOptional(PictureSettings),
  /** The pictures beside the film that the preset does not have; absent: none. */
  thumbnails: v.exactOptional(Thumbnails),
  /** What is laid over the picture, the lowest first; absent: nothing. */
  overlay: v.exactOptional(Overlays),
  /** What is shown as text beside the film, or drawn into it; absent: as the preset has it. */
  subtitles: v.exactOptional(Subtitles),
  /** The sources that are joined to one film; absent: `input_url` alone. */
  inputs: v.exactOptional(Inputs),
  /** Which sounds are taken, and their channels; absent: as the preset says. */
  audio: v.exactOptional(SoundOrder),
  /** How many workers may encode the film, this one among them; absent: this one alone. */
  workers: v.exactOptional(storedInt32),
  /** The part of the source that is encoded, in seconds; absent: all of it. */
  clip: v.exactOptional(ClipJson),
  /** The number of the hand-over from a waiting room; this and the following are absent for other orders. */
  queue_try: v.exactOptional(storedInt32),
  /** The address at which control planes know the worker. */
  queue_address: v.exactOptional(v.string()),
  /** Names this submission in the claims on the hand-over and on the end. */
  queue_admission: v.exactOptional(v.string()),
  /** The name of the folder of the claims on the idempotency key, which a control plane has claimed. */
  claim_key: v.exactOptional(v.string()),
  /** When the worker took the order, RFC 3339. */
  accepted_at: v.exactOptional(v.string()),
});
type StoredOrder = v.InferOutput<typeof StoredOrder>;

/** The order of one encode as a worker has accepted it, with every default filled in. */
export type Order = CamelKeys<StoredOrder>;

export const orderToJson = (order: Order) => snakeKeys<StoredOrder>(order, Object.keys(StoredOrder.entries));

/** Reads the JSON that `orderToJson` writes. */
export const OrderFromJson = v.pipe(
  StoredOrder,
  v.transform((json): Order => camelKeys(json)),
);

/**
 * Removes what must not be recorded: the idempotency key, and user info, query and fragment of URLs; and what tells of the
 * hand-over from a waiting room, which a repeat of the order must not have.
 */
export function redactedOrder({ idempotencyKey, claimKey, ...whole }: Order) {
  const { queueTry, queueAddress, queueAdmission, acceptedAt, ...order } = whole;
  const { inputUrl, callbackUrl, overlay, subtitles, inputs } = order;
  return {
    ...order,
    inputUrl: redactedUrl(inputUrl),
    ...(inputs && { inputs: inputs.map(({ url, ...same }) => ({ url: redactedUrl(url), ...same })) }),
    ...(overlay && { overlay: overlay.map(({ url, ...same }) => ({ url: redactedUrl(url), ...same })) }),
    ...(subtitles && {
      subtitles: subtitles.map((one) => ({ ...one, ...(one.url !== undefined && { url: redactedUrl(one.url) }) })),
    }),
    ...(callbackUrl !== undefined && { callbackUrl: redactedUrl(callbackUrl) }),
  };
}

/** A URL without user info, query and fragment. A text that is no URL may contain anything, so that nothing of it is kept. */
export function redactedUrl(text: string): string {
  const url = URL.parse(text);
  if (!url) return "";
  if (!url.username && !url.password && !/[?#]/.test(text)) return text;
  url.username = "";
  url.password = "";
  url.search = "";
  url.hash = "";
  return url.href;
}
