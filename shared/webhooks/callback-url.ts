import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { orUndefined } from "#shared/errors.ts";
import { Fault, invalidField } from "#shared/fault.ts";
import { refusalOf, type UrlRules } from "#shared/net/input-url.ts";
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

// AES-256-GCM (NIST SP 800-38D): a nonce of 12 bytes, the text, a tag of 16.
const cipher = "aes-256-gcm";
const [nonceBytes, tagBytes] = [12, 16];

/**
 * Encrypts callback URLs for the storage: only who has one of the secrets can open them. A sealed URL belongs to one
 * webhook and cannot be moved to another.
 */
export function urlSeal(secrets: readonly Secret[]) {
  const keys = secrets.map(keyFrom);
  const [newest] = keys;
  return {
    seal(url: string, webhookId: string): string {
      if (!newest) throw new Fault("invalid", "callback_url: the worker has no WEBHOOK_SECRETS");
      const nonce = randomBytes(nonceBytes);
      const sealing = createCipheriv(cipher, newest, nonce).setAAD(Buffer.from(webhookId));
      const sealed = [nonce, sealing.update(url, "utf8"), sealing.final(), sealing.getAuthTag()];
      return Buffer.concat(sealed).toString("base64url");
    },
    /** Undefined when it was sealed with none of the secrets. */
    open(sealed: string, webhookId: string): string | undefined {
      return keys.map((key) => opened(sealed, webhookId, key)).find((url) => url !== undefined);
    },
  };
}

function opened(sealed: string, webhookId: string, key: Buffer): string | undefined {
  const bytes = Buffer.from(sealed, "base64url");
  return orUndefined(() => {
    const opening = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
      .setAAD(Buffer.from(webhookId))
      .setAuthTag(bytes.subarray(-tagBytes));
    return opening.update(bytes.subarray(nonceBytes, -tagBytes), undefined, "utf8") + opening.final("utf8");
  });
}

/** The secret itself only ever signs. */
const keyFrom = (secret: Secret) => Buffer.from(hkdfSync("sha256", secret, "", "flux-encoder callback url", 32));
