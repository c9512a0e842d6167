import { randomBytes } from "node:crypto";
import * as v from "valibot";
import { list } from "#shared/env.ts";

/** The key that a `whsec_` secret of Standard Webhooks stands for. */
export type Secret = Buffer;

const prefix = "whsec_";

export const newSecret = () => prefix + randomBytes(32).toString("base64");

/** The secret that a text holds, or undefined: `whsec_` and the base64 of 24 to 64 bytes. */
export function parseSecret(text: string): Secret | undefined {
  if (!text.startsWith(prefix)) return undefined;
  const encoded = text.slice(prefix.length);
  const secret = Buffer.from(encoded, "base64");
  const isWhole = secret.toString("base64").replace(/=+$/, "") === encoded.replace(/=+$/, "");
  return isWhole && secret.length >= 24 && secret.length <= 64 ? secret : undefined;
}

/** Comma separated secrets; what is wrong with one is said without showing it. */
export const webhookSecrets = v.pipe(
  list,
  v.rawTransform(({ dataset, addIssue }) =>
    dataset.value.flatMap((text, index) => {
      const secret = parseSecret(text);
      const message = `entry ${index + 1} is not whsec_ and the base64 of 24 to 64 bytes; flux webhooks secret makes one`;
      if (!secret) addIssue({ message });
      return secret ? [secret] : [];
    }),
  ),
);
