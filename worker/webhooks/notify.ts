import { setTimeout } from "node:timers/promises";
import type { JobEvent } from "#shared/job/event.ts";
import type { Order } from "#shared/job/order.ts";
import { fieldsOf, noted, type ResendTools } from "./resend.ts";
import { pauseMs } from "./schedule.ts";
import type { urlSeal } from "./sealed-url.ts";
import { type Webhook, webhookId, webhookOf } from "./webhook.ts";

/**
 * Tells an order's receiver of an event. Resolves when the receiver has it or wants none, or when the storage holds it
 * for later: then the worker may forget it. The signal ends the tries, not the keeping.
 */
export type Notify = (order: Order, event: JobEvent, signal: AbortSignal) => Promise<void>;

type Tools = ResendTools & {
  seal: ReturnType<typeof urlSeal>;
  /** Goes on with a webhook that the storage holds. */
  later(webhook: Webhook): void;
  /** No further try begins here so long after the first. */
  patienceMs: number;
};

const storageTimeoutMs = 20_000;

export const makeNotify =
  (tools: Tools): Notify =>
  async ({ callbackUrl, tenant }, event, signal) => {
    if (!callbackUrl) return;
    const sealed = tools.seal.seal(callbackUrl, webhookId(event));
    const { state, webhook } = await persist({ ...webhookOf(event, sealed), ...(tenant && { tenant }) }, tools, signal);
    if (state === "delivered") return tools.log.info(fieldsOf(webhook), "webhook delivered");
    const inTime = AbortSignal.timeout(storageTimeoutMs);
    if (state === "pending") await tools.pending.save(webhook, inTime);
    await noted(state, webhook, tools, inTime);
    if (state === "pending") tools.later(webhook);
  };

async function persist(first: Webhook, { post, now, log, patienceMs }: Tools, signal: AbortSignal) {
  const until = now() + patienceMs;
  for (let webhook = first; ; ) {
    webhook = { ...webhook, attempts: webhook.attempts + 1, tried: now() };
    const outcome = await post(webhook, signal);
    if (outcome.state === "delivered") return { state: outcome.state, webhook };
    const { error } = outcome;
    webhook = { ...webhook, error };
    if (outcome.state === "gone") return { state: "given_up", webhook } as const;
    log.debug({ ...fieldsOf(webhook), error }, "webhook failed");
    const pause = pauseMs(webhook.attempts);
    if (signal.aborted || now() + pause > until) return { state: "pending", webhook } as const;
    await setTimeout(pause, undefined, { signal }).catch(() => {});
    if (signal.aborted) return { state: "pending", webhook } as const;
  }
}
