import * as v from "valibot";
import { eventToJson, type JobEvent } from "#shared/job/event.ts";
import { traceparent } from "#shared/tracing/traceparent.ts";

/** One event on its way to its receiver, as the storage may hold it. Times are Unix milliseconds. */
export const Webhook = v.object({
  /** The header `webhook-id`, the same in every try. */
  id: v.string(),
  job: v.string(),
  tenant: v.exactOptional(v.string()),
  sequence: v.number(),
  /** Where to, sealed. */
  url: v.string(),
  body: v.string(),
  /** When the event happened. */
  since: v.number(),
  attempts: v.number(),
  tried: v.number(),
  error: v.exactOptional(v.string()),
  /** The span that tries it first: later ones go on in its trace. */
  traceparent: v.exactOptional(v.string()),
});
export type Webhook = v.InferOutput<typeof Webhook>;

export const webhookId = ({ jobId, sequence }: JobEvent) => `${jobId}-${sequence}`;

/** An event that nobody has tried to send yet. */
export const webhookOf = (event: JobEvent, sealedUrl: string, parent = traceparent()): Webhook => ({
  id: webhookId(event),
  job: event.jobId,
  sequence: event.sequence,
  url: sealedUrl,
  body: JSON.stringify(eventToJson(event)),
  since: Date.parse(event.timestamp),
  attempts: 0,
  tried: 0,
  ...(parent && { traceparent: parent }),
});
