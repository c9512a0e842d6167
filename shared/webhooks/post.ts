import { Fault } from "#shared/fault.ts";
import { type Guard, guardedRequest } from "#shared/net/guarded-request.ts";
import { RequestFailure } from "#shared/net/request-failure.ts";
import { noSpans, type Trace } from "#shared/tracing/trace.ts";
import { traceparent } from "#shared/tracing/traceparent.ts";
import { version } from "#shared/version.ts";
import type { urlSeal } from "./callback-url.ts";
import type { Webhook } from "./pending.ts";
import { type Secret, signatureOf } from "./signing.ts";

/** The state of a webhook after a request. `error` is safe to be stored and shown; absent when it is delivered. */
type Outcome = { state: "delivered"; error?: never } | { state: "given_up" | "pending"; error: string };

/** One request; it does not throw. */
export type Post = (webhook: Webhook, signal: AbortSignal) => Promise<Outcome>;

export type PostOptions = {
  /** Every request is signed with each of these. */
  secrets: readonly Secret[];
  seal: ReturnType<typeof urlSeal>;
  /** Where requests may connect to, and their time-outs. */
  guard: Guard;
  trace?: Trace;
  /** The time in Unix milliseconds. */
  now(): number;
};

const timeouts = { connectTimeoutMs: 10_000, answerTimeoutMs: 15_000 };

/** Posts by Standard Webhooks 1.0. No redirect is followed. */
export function makePost({ secrets, seal, guard, trace = noSpans, now }: PostOptions): Post {
  const post = async (url: URL, { id, body }: Webhook, signal: AbortSignal): Promise<Outcome> => {
    const timestamp = String(Math.floor(now() / 1_000));
    const parent = traceparent();
    const headers = {
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(body)),
      "user-agent": `flux-encoder/${version}`,
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": signatureOf({ id, timestamp, body }, secrets),
      ...(parent && { traceparent: parent }),
    };
    try {
      using answer = await guardedRequest(url, { method: "POST", headers, body, signal }, { ...timeouts, ...guard });
      return outcomeOf(answer.status);
    } catch (error) {
      if (error instanceof RequestFailure) return failed(`the receiver ${error.message}`);
      return failed("the worker was stopped before the receiver answered");
    }
  };

  return async (webhook, signal) => {
    const url = URL.parse(seal.open(webhook.url, webhook.id) ?? "");
    if (!url) return failed("its address was sealed with a secret that is not among WEBHOOK_SECRETS");
    const attributes = { "http.request.method": "POST", "server.address": url.hostname };
    return trace.span("POST", { kind: "client", parent: webhook.traceparent, attributes }, async (span) => {
      const outcome = await post(url, webhook, signal);
      if (outcome.state !== "delivered") span?.fail(new Fault("delivery_failed", outcome.error));
      return outcome;
    });
  };
}

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return { state: "delivered" };
  if (status === 410) return { state: "given_up", error: "the receiver answered 410: it wants no more" };
  const remark = status >= 300 && status < 400 ? ": redirects are not followed" : "";
  return failed(`the receiver answered ${status}${remark}`);
}

const failed = (error: string): Outcome => ({ state: "pending", error });
