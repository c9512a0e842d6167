import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
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

/** Comma separated secrets. A message about a wrong one names its place in the list and does not show it. */
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

/** What a signature covers: `timestamp` in seconds since 1970, as it stands in the header. */
export type Signed = { id: string; timestamp: string; body: string | Uint8Array };

/** The header `webhook-signature` of Standard Webhooks: one signature for each secret, so that any of them verifies. */
export const signatureOf = (signed: Signed, secrets: readonly Secret[]): string =>
  secrets.map((secret) => `v1,${digestOf(signed, secret).toString("base64")}`).join(" ");

/** Why a signature is not valid, or undefined. A webhook older or newer than the tolerance may be a replay. */
export function signatureProblem(
  signed: Signed,
  header: string,
  secret: Secret,
  { now, toleranceMs }: { now: number; toleranceMs: number },
): string | undefined {
  const ageMs = now - Number(signed.timestamp) * 1_000;
  if (!/^\d+$/.test(signed.timestamp)) return "the timestamp is not a number of seconds";
  const signatures = header.split(" ").flatMap((entry) => (entry.startsWith("v1,") ? [entry.slice(3)] : []));
  if (signatures.length === 0) return "the signature header holds no v1 signature";
  const expected = digestOf(signed, secret);
  if (!signatures.some((signature) => isEqual(Buffer.from(signature, "base64"), expected))) {
    return "no signature fits: the secret, the id, the timestamp or the body is another (the body must be as received)";
  }
  if (Math.abs(ageMs) <= toleranceMs) return undefined;
  const age = `${Math.round(Math.abs(ageMs) / 1_000)} s ${ageMs > 0 ? "old" : "ahead of the clock"}`;
  return `the signature fits, but the timestamp is ${age}: it may be a replay`;
}

const digestOf = ({ id, timestamp, body }: Signed, secret: Secret) =>
  createHmac("sha256", secret).update(`${id}.${timestamp}.`).update(body).digest();

const isEqual = (left: Uint8Array, right: Uint8Array) => left.length === right.length && timingSafeEqual(left, right);
