import type { Command } from "commander";
import * as v from "valibot";
import { type Context, print } from "#cli/context.ts";
import { duration } from "#shared/env.ts";
import { Fault } from "#shared/fault.ts";
import { makeLog } from "#shared/log.ts";
import { makeRecords } from "#shared/records.ts";
import { openStorages } from "#shared/storage/kinds.ts";
import { recordStorage } from "#shared/storage/settings.ts";
import { makeDelivery } from "#shared/webhooks/delivery.ts";
import { newSecret, parseSecret, signatureProblem } from "#shared/webhooks/signing.ts";
import { readConfig } from "#worker/config.ts";

/** Adds `flux webhooks` with its commands. */
export function addWebhooks(program: Command, context: Context) {
  const webhooks = program.command("webhooks").description("make, check and send again what tells receivers of jobs");
  webhooks
    .command("secret")
    .description("print a new secret for WEBHOOK_SECRETS")
    .action(() => createSecret(context));
  webhooks
    .command("retry")
    .description("try every pending webhook now; reads the settings that workers read")
    .action(() => retryWebhooks(context));
  webhooks
    .command("verify")
    .description("check a received webhook; its body, byte for byte, on stdin")
    .requiredOption("--secret <whsec>", "the secret")
    .requiredOption("--id <id>", "the header webhook-id")
    .requiredOption("--timestamp <seconds>", "the header webhook-timestamp")
    .requiredOption("--signature <signatures>", "the header webhook-signature")
    .option("--tolerance <duration>", "how old it may be", "5m")
    .action(async (received) => verifyWebhook(context, received, await Bun.stdin.bytes()));
}

/** Tries every pending webhook once, now, with a worker's settings. */
async function retryWebhooks(context: Context) {
  const { webhooks, storage: settings, source } = readConfig(context.env);
  const recorded = { storage: recordStorage(settings, openStorages(settings)), prefix: settings.recordPrefix };
  const delivery = makeDelivery({
    ...recorded,
    secrets: webhooks.secrets,
    guard: { allowedCidrs: source.allowedCidrs },
    records: makeRecords(recorded),
    now: Date.now,
    log: makeLog("flux", { level: "silent" }),
  });
  const { signal } = new AbortController();
  const ids = await delivery.pending.ids(signal);
  let left = 0;
  for (const id of ids) {
    const webhook = await delivery.pending.read(id, signal);
    if (!webhook) continue;
    const { state, webhook: tried } = await delivery.resend(webhook, signal);
    const error = state === "delivered" ? undefined : tried.error;
    print(context, { id, state, error }, [state, id, error].filter(Boolean).join("  "));
    if (state === "pending") left += 1;
  }
  if (ids.length === 0 && !context.isJson) console.log("no webhook is pending");
  if (left > 0) throw new Fault("delivery_failed", `${left} of ${ids.length} webhooks are still pending`);
}

/** Makes what WEBHOOK_SECRETS holds. */
function createSecret(context: Context) {
  const secret = newSecret();
  print(context, { secret }, secret);
}

export type Received = {
  /** What the webhook must be signed with, `whsec_...`. */
  secret: string;
  /** The header `webhook-id`. */
  id: string;
  /** The header `webhook-timestamp`, in Unix seconds. */
  timestamp: string;
  /** The header `webhook-signature`. */
  signature: string;
  /** How old it may be, as a duration such as `5m`. */
  tolerance: string;
};

/** Says that a webhook is genuine, or throws why it is not. */
function verifyWebhook(
  context: Context,
  { secret: text, tolerance, signature, ...headers }: Received,
  body: Uint8Array,
) {
  const secret = parseSecret(text);
  if (!secret) throw new Fault("invalid", "the secret is not whsec_ and the base64 of 24 to 64 bytes");
  const allowed = v.safeParse(duration, tolerance);
  if (!allowed.success) throw new Fault("invalid", `--tolerance: ${allowed.issues[0].message}`);
  const times = { now: Date.now(), toleranceMs: allowed.output };
  const problem = signatureProblem({ ...headers, body }, signature, secret, times);
  if (problem) throw new Fault("invalid", problem);
  print(context, { valid: true }, "valid");
}
