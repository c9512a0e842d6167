import type { WebhookNote } from "#shared/job/record.ts";
import type { Log } from "#shared/log.ts";
import type { Records } from "#shared/records.ts";
import type { Storage } from "#shared/storage/storage.ts";
import type { Trace } from "#shared/tracing/trace.ts";
import type { Guard } from "#worker/net/guarded-request.ts";
import { makeNotify } from "./notify.ts";
import { pendingWebhooks } from "./pending.ts";
import { makePost } from "./post.ts";
import type { ResendTools } from "./resend.ts";
import { makeRetries } from "./retries.ts";
import { urlSeal } from "./sealed-url.ts";
import type { Secret } from "./secrets.ts";
import type { Webhook } from "./webhook.ts";

type Options = {
  secrets: readonly Secret[];
  guard: Guard;
  /** Where pending webhooks are kept: that of the records. */
  storage: Storage;
  prefix: string;
  records: Records;
  trace?: Trace;
  now(): number;
  log: Log;
};

/** What it takes to try pending webhooks. */
export function resendTools({ storage, prefix, records, ...rest }: Options): ResendTools {
  return {
    post: makePost({ ...rest, seal: urlSeal(rest.secrets) }),
    pending: pendingWebhooks({ storage, prefix }),
    note: (webhook: Webhook, note: WebhookNote, signal: AbortSignal) =>
      records.noteWebhook({ jobId: webhook.job, sequence: webhook.sequence }, note, signal),
    now: rest.now,
    log: rest.log,
  };
}

/** A worker's webhooks: those of its own jobs, and those that any worker has left. */
export function openWebhooks({ patienceMs, ...options }: Options & { patienceMs: number }) {
  const tools = resendTools(options);
  const retries = makeRetries(tools);
  const seal = urlSeal(options.secrets);
  return { notify: makeNotify({ ...tools, seal, later: retries.later, patienceMs }), retries };
}
