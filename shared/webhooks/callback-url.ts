import { Fault, invalidField } from "#shared/fault.ts";
import { refusalOf, type UrlRules } from "#shared/net/input-url.ts";
import { makeSeal } from "#shared/seal.ts";
import type { Secret } from "./signing.ts";

/** Throws for a callback URL to which nothing may be posted as far as the URL tells, and for every one without a secret. */
export const callbackCheck = (rules: UrlRules, secrets: readonly Secret[]) => (text: string) => {
  const refusal = callbackRefusal(URL.parse(text), rules, secrets);
  if (refusal) throw invalidField("callback_url", refusal);
};

function callbackRefusal(url: URL | null, rules: UrlRules, secrets: readonly Secret[]): string | undefined {
  if (!url) return "is not a URL; write one such as https://example.com/webhook";
  if (secrets.length === 0)
    return "this service sends no webhooks: it has no secret to sign them with (WEBHOOK_SECRETS)";
  return refusalOf(url, rules);
}

/**
 * Encrypts callback URLs for the storage: only who has one of the secrets can open them. A sealed URL belongs to one
 * webhook and cannot be moved to another.
 */
export function urlSeal(secrets: readonly Secret[]) {
  const { seal, open } = makeSeal(secrets, "flux-encoder callback url");
  return {
    seal(url: string, webhookId: string): string {
      const sealed = seal(Buffer.from(url), webhookId);
      if (!sealed) throw new Fault("invalid", "callback_url: the worker has no WEBHOOK_SECRETS");
      return sealed;
    },
    /** Undefined when it was sealed with none of the secrets. */
    open: (sealed: string, webhookId: string): string | undefined => open(sealed, webhookId)?.toString(),
  };
}
