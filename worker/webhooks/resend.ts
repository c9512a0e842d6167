import type { WebhookNote } from "#shared/job/record.ts";
import { jobFields, type Log } from "#shared/log.ts";
import type { Pending } from "./pending.ts";
import type { Post } from "./post.ts";
import { isExpired } from "./schedule.ts";
import type { Webhook } from "./webhook.ts";

export type ResendTools = {
  post: Post;
  pending: Pending;
  /** Keeps with the job's record what became of the webhook of its last event. */
  note(webhook: Webhook, note: WebhookNote, signal: AbortSignal): Promise<void>;
  now(): number;
  log: Log;
};

export type Resent = { state: WebhookNote["state"]; webhook: Webhook };

/** One try at a pending webhook; what it led to is in the storage when the promise resolves. */
export async function resend(before: Webhook, tools: ResendTools, signal: AbortSignal): Promise<Resent> {
  const { post, pending, now } = tools;
  if (isExpired(before, now())) return settle("given_up", before, tools, signal);
  // Written first, so that other workers leave it alone meanwhile.
  const webhook = { ...before, attempts: before.attempts + 1, tried: now() };
  await pending.save(webhook, signal);
  const outcome = await post(webhook, signal);
  if (outcome.state === "delivered") return settle("delivered", webhook, tools, signal);
  const refused = { ...webhook, error: outcome.error };
  if (outcome.state === "gone") return settle("given_up", refused, tools, signal);
  if (!signal.aborted && refused.error !== webhook.error) await pending.save(refused, signal);
  return { state: "pending", webhook: refused };
}

async function settle(state: "delivered" | "given_up", webhook: Webhook, tools: ResendTools, signal: AbortSignal) {
  await tools.pending.remove(webhook.id, signal);
  await noted(state, webhook, tools, signal);
  return { state, webhook };
}

export const fieldsOf = ({ id, job: jobId, tenant, attempts }: Webhook) => ({
  ...jobFields({ jobId, tenant }),
  webhook_id: id,
  attempts,
});

/** Logs and keeps what became of a webhook. That the record cannot be written changes nothing. */
export async function noted(
  state: WebhookNote["state"],
  webhook: Webhook,
  { note, log }: Pick<ResendTools, "note" | "log">,
  signal: AbortSignal,
) {
  const { attempts, error } = webhook;
  const fields = { ...fieldsOf(webhook), ...(error !== undefined && { error }) };
  if (state === "delivered") log.info(fields, "webhook delivered");
  else log.warn(fields, state === "pending" ? "webhook left for later" : "webhook given up");
  await note(webhook, { state, attempts, ...(error !== undefined && { error }) }, signal).catch((err) =>
    log.warn({ ...fieldsOf(webhook), err }, "the record does not say what became of the webhook"),
  );
}
