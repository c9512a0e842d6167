import * as v from "valibot";
import { type Backoff, pauseAfter } from "#shared/async/backoff.ts";
import { eventToJson, type JobEvent } from "#shared/job/event.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { traceparent } from "#shared/tracing/traceparent.ts";

/** One event on its way to its receiver, as the storage may hold it. Times are Unix milliseconds. */
export const Webhook = v.object({
  /** The header `webhook-id`, the same in every attempt. */
  id: v.string(),
  /** The id of the job. */
  job: v.string(),
  /** The tenant of the job; absent when it has none. */
  tenant: v.exactOptional(v.string()),
  /** The sequence number of the event. */
  sequence: v.number(),
  /** The receiver's URL, sealed. */
  url: v.string(),
  /** The event as JSON, as it is sent and signed. */
  body: v.string(),
  /** When the event happened. */
  since: v.number(),
  /** How many attempts have begun. */
  attempts: v.number(),
  /** When the latest attempt began; 0 before the first. */
  tried: v.number(),
  /** Why the latest failed attempt failed. */
  error: v.exactOptional(v.string()),
  /** The span of the first attempt: later ones go on in its trace. */
  traceparent: v.exactOptional(v.string()),
});
export type Webhook = v.InferOutput<typeof Webhook>;

export const webhookId = ({ jobId, sequence }: JobEvent) => `${jobId}-${sequence}`;

/** The webhook of an event before its first attempt. */
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

const soonMs = 10_000;
const lifeMs = 24 * 3_600_000;

/** The pauses between attempts: 1 s, 2 s, 4 s, ... 1 h, less a random part of up to a half. */
export const backoff: Backoff = { firstPauseMs: 1_000, longestPauseMs: 3_600_000, jitter: 0.5 };

/** The pause after so many failed attempts. */
export const pauseMs = (attempts: number, random?: () => number) => pauseAfter(attempts, backoff, random);

/** When a worker that starts may try a webhook: soon, but not at each start of a worker that keeps restarting. */
export const dueAtStart = ({ tried, attempts }: Webhook): number => tried + Math.min(pauseMs(attempts), soonMs);

/** A webhook is given up a day after its event. */
export const isExpired = ({ since }: Webhook, now: number): boolean => now > since + lifeMs;

/** The webhooks that are still to be sent, in the storage of the job records: `<prefix>/webhooks/<id>.json`. */
export function pendingWebhooks({ storage, prefix }: { storage: Storage; prefix: string }) {
  const folder = `${prefix}/webhooks/`;
  const keyOf = (id: string) => `${folder}${id}.json`;

  return {
    async save(webhook: Webhook, signal: AbortSignal) {
      const key = keyOf(webhook.id);
      await storage.write(key, `${JSON.stringify(webhook, null, 2)}\n`, headersFor(key), signal);
    },
    /** Undefined when it is no longer pending. */
    async read(id: string, signal: AbortSignal): Promise<Webhook | undefined> {
      const text = await storage.read(keyOf(id), signal);
      return text === undefined ? undefined : v.parse(Webhook, JSON.parse(text));
    },
    remove: (id: string, signal: AbortSignal) => storage.remove(keyOf(id), signal),
    async ids(signal: AbortSignal): Promise<string[]> {
      const names = (await Array.fromAsync(storage.list(folder, signal))).map((key) => key.slice(folder.length));
      return names.flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -5)] : []));
    },
  };
}
