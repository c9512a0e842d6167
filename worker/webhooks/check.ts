import { invalidField } from "#shared/fault.ts";
import { refusalOf, type UrlRules } from "#shared/net/input-url.ts";
import type { Secret } from "./secrets.ts";

/** Refuses a callback to which nothing may be posted as far as its URL tells, and all of them without a secret. */
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
