import { createHmac, timingSafeEqual } from "node:crypto";
import type { Secret } from "./secrets.ts";

/** What a signature stands for: `timestamp` in seconds since 1970, as it stands in the header. */
export type Signed = { id: string; timestamp: string; body: string | Uint8Array };

/** The header `webhook-signature` of Standard Webhooks: a signature a secret, so that any of them verifies. */
export const signatureOf = (signed: Signed, secrets: readonly Secret[]): string =>
  secrets.map((secret) => `v1,${digestOf(signed, secret).toString("base64")}`).join(" ");

/** Why a signature does not hold, or undefined. A webhook older or newer than the tolerance may be a replay. */
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
