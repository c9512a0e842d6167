import { poll } from "#shared/async/retry.ts";
import type { WebhookNote } from "#shared/job/record.ts";
import { jobFields, type Log } from "#shared/log.ts";
import type { Records } from "#shared/records.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { urlSeal } from "./callback-url.ts";
import { backoff, isExpired, pendingWebhooks, type Webhook } from "./pending.ts";
import { makePost, type PostOptions } from "./post.ts";

export type DeliveryOptions = Omit<PostOptions, "seal"> & {
  /** The storage of the job records, which pending webhooks lie beside. */
  storage: Storage;
  /** The folder of the records. */
  prefix: string;
  records: Records;
  log: Log;
};

/** A webhook after an attempt: it is pending until it is delivered or given up. */
type Attempted = { state: WebhookNote["state"]; webhook: Webhook };

const storageTimeoutMs = 20_000;

export type Delivery = ReturnType<typeof makeDelivery>;

/**
 * Delivers webhooks. A webhook begins in memory; one that is not delivered by its first attempts goes to the storage,
 * where any worker may try it again, until it is delivered or given up.
 */
export function makeDelivery({ storage, prefix, records, log, ...rest }: DeliveryOptions) {
  const { now } = rest;
  const pending = pendingWebhooks({ storage, prefix });
  const post = makePost({ ...rest, seal: urlSeal(rest.secrets) });

  /** One attempt at a pending webhook. `onBegin` gets it, with the attempt counted, before the request. */
  const attempt = async (before: Webhook, signal: AbortSignal, onBegin?: (begun: Webhook) => Promise<void>) => {
    const begun = { ...before, attempts: before.attempts + 1, tried: now() };
    await onBegin?.(begun);
    const { state, error = begun.error } = await post(begun, signal);
    return { state, webhook: { ...begun, ...(error !== undefined && { error }) } };
  };

  const firstAttempts = (first: Webhook, patienceMs: number, signal: AbortSignal) => {
    let webhook = first;
    const next = async () => {
      const result = await attempt(webhook, signal);
      webhook = result.webhook;
      if (result.state === "pending") log.debug({ ...fieldsOf(webhook), error: webhook.error }, "webhook failed");
      return result;
    };
    return poll(next, ({ state }) => state !== "pending", { ...backoff, totalMs: patienceMs, now, signal });
  };

  /** Logs what became of a webhook and notes it in the job's record. That the record cannot be written changes nothing. */
  const note = async ({ state, webhook }: Attempted, signal: AbortSignal) => {
    const { job: jobId, sequence, attempts, error } = webhook;
    const failure = error !== undefined && { error };
    const fields = { ...fieldsOf(webhook), ...failure };
    if (state === "delivered") log.info(fields, "webhook delivered");
    else log.warn(fields, state === "pending" ? "webhook left for later" : "webhook given up");
    await records
      .noteWebhook({ jobId, sequence }, { state, attempts, ...failure }, signal)
      .catch((err) => log.warn({ ...fieldsOf(webhook), err }, "the record does not say what became of the webhook"));
  };

  const settle = async (result: Attempted, signal: AbortSignal): Promise<Attempted> => {
    await pending.remove(result.webhook.id, signal);
    await note(result, signal);
    return result;
  };

  return {
    pending,

    /**
     * The first attempts at a new webhook, for so long. Resolves when it is delivered or given up, or the storage holds it
     * as pending. The signal ends the attempts, not the saving.
     */
    async send(webhook: Webhook, patienceMs: number, signal: AbortSignal): Promise<Attempted> {
      const result = await firstAttempts(webhook, patienceMs, signal);
      if (result.state === "delivered") log.info(fieldsOf(result.webhook), "webhook delivered");
      else {
        const inTime = AbortSignal.timeout(storageTimeoutMs);
        if (result.state === "pending") await pending.save(result.webhook, inTime);
        await note(result, inTime);
      }
      return result;
    },

    /** One attempt at a pending webhook; the storage holds its new state when the promise resolves. */
    async resend(before: Webhook, signal: AbortSignal): Promise<Attempted> {
      if (isExpired(before, now())) return settle({ state: "given_up", webhook: before }, signal);
      // Saved before the request, so that other workers leave it alone meanwhile.
      const result = await attempt(before, signal, (begun) => pending.save(begun, signal));
      if (result.state !== "pending") return settle(result, signal);
      if (!signal.aborted && result.webhook.error !== before.error) await pending.save(result.webhook, signal);
      return result;
    },
  };
}

const fieldsOf = ({ id, job: jobId, tenant, attempts }: Webhook) => ({
  ...jobFields({ jobId, tenant }),
  webhook_id: id,
  attempts,
});
