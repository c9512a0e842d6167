import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { orUndefined } from "./errors.ts";

// AES-256-GCM (NIST SP 800-38D): a nonce of 12 bytes, the content, a tag of 16.
const cipher = "aes-256-gcm";
const [nonceBytes, tagBytes] = [12, 16];

/**
 * Encrypts content for a place that others can read and write. What is sealed belongs to an owner, such as an id, and
 * cannot be moved to another. `purpose` keeps keys apart that are derived from the same secret.
 */
export function makeSeal(secrets: readonly (string | Buffer)[], purpose: string) {
  const keys = secrets.map((secret) => Buffer.from(hkdfSync("sha256", secret, "", purpose, 32)));
  const [newest] = keys;
  return {
    /** Seals with the first of the secrets; undefined without any. */
    seal(content: Uint8Array, owner: string): string | undefined {
      if (!newest) return undefined;
      const nonce = randomBytes(nonceBytes);
      const sealing = createCipheriv(cipher, newest, nonce).setAAD(Buffer.from(owner));
      const sealed = [nonce, sealing.update(content), sealing.final(), sealing.getAuthTag()];
      return Buffer.concat(sealed).toString("base64url");
    },
    /** Undefined when it was sealed with none of the secrets, or for another owner. */
    open(sealed: string, owner: string): Buffer | undefined {
      const bytes = Buffer.from(sealed, "base64url");
      const openWith = (key: Buffer) => {
        const opening = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
          .setAAD(Buffer.from(owner))
          .setAuthTag(bytes.subarray(-tagBytes));
        return Buffer.concat([opening.update(bytes.subarray(nonceBytes, -tagBytes)), opening.final()]);
      };
      return keys.map((key) => orUndefined(() => openWith(key))).find((content) => content !== undefined);
    },
  };
}
