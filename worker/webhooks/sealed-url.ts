import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { Fault } from "#shared/fault.ts";
import type { Secret } from "./secrets.ts";

// AES-256-GCM (NIST SP 800-38D): a nonce of 12 bytes, the text, a tag of 16.
const cipher = "aes-256-gcm";
const [nonceBytes, tagBytes] = [12, 16];

/**
 * Callback URLs as storage may hold them: whoever has one of the secrets opens them, and nobody else. A sealed URL
 * belongs to one webhook and cannot be moved to another.
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
  try {
    const opening = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
      .setAAD(Buffer.from(webhookId))
      .setAuthTag(bytes.subarray(-tagBytes));
    return opening.update(bytes.subarray(nonceBytes, -tagBytes), undefined, "utf8") + opening.final("utf8");
  } catch {
    return undefined;
  }
}

/** The secret itself only ever signs. */
const keyFrom = (secret: Secret) => Buffer.from(hkdfSync("sha256", secret, "", "flux-encoder callback url", 32));
