import type { JobEvent } from "#shared/job/event.ts";
import { urlSeal } from "./callback-url.ts";
import { type DeliveryOptions, makeDelivery } from "./delivery.ts";
import { webhookId, webhookOf } from "./pending.ts";
import { makeRetries } from "./retries.ts";

/**
 * Sends the webhook of an event. Resolves when it is delivered, given up or not wanted, or when the storage holds it for
 * later: then the worker may forget it. The signal ends the attempts, not the saving.
 */
export type Notify = (order: Wanted, event: JobEvent, signal: AbortSignal) => Promise<void>;

/**
 * Keeps the webhook of an event in the storage, sealed. Resolves when the storage holds it, with what begins its attempts
 * in the background; anybody else may begin them who looks after those that are pending. Without a callback URL it does
 * nothing.
 */
export type Leave = (order: Wanted, event: JobEvent, signal: AbortSignal) => Promise<() => void>;

/** Where an order wants its webhooks, if it wants any, and whose it is. */
type Wanted = { callbackUrl?: string | undefined; tenant?: string | undefined };

type Options = DeliveryOptions & {
  /** No further attempt begins so many milliseconds after the first; the webhook is left to the retries then. */
  patienceMs: number;
};

/** Webhooks: `notify` for those of one's own events, `retries` for those that anybody has left pending. */
export function openWebhooks({ patienceMs, ...options }: Options) {
  const delivery = makeDelivery(options);
  const retries = makeRetries(delivery, options);
  const { seal } = urlSeal(options.secrets);
  const unsent = ({ callbackUrl, tenant }: Wanted, event: JobEvent) =>
    callbackUrl && { ...webhookOf(event, seal(callbackUrl, webhookId(event))), ...(tenant && { tenant }) };

  const notify: Notify = async (order, event, signal) => {
    const webhook = unsent(order, event);
    if (!webhook) return;
    const sent = await delivery.send(webhook, patienceMs, signal);
    if (sent.state === "pending") retries.later(sent.webhook);
  };
  const leave: Leave = async (order, event, signal) => {
    const webhook = unsent(order, event);
    if (!webhook) return () => {};
    await delivery.pending.save(webhook, signal);
    return () => retries.later(webhook);
  };
  return {
    notify,
    leave,
    retries,
  };
}
