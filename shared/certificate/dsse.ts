import { sign, verify } from "node:crypto";
import * as v from "valibot";
import { fromJsonText } from "#shared/json-text.ts";
import type { SigningKey, VerifyKey } from "./keys.ts";

/** The type of what an envelope of an in-toto statement holds. */
const payloadType = "application/vnd.in-toto+json";

/** An envelope of DSSE v1 (Dead Simple Signing Envelope). */
export type Envelope = v.InferOutput<typeof Envelope>;
const Envelope = v.object({
  payloadType: v.string(),
  /** Base64, in either alphabet. */
  payload: v.string(),
  signatures: v.pipe(v.array(v.object({ keyid: v.optional(v.string(), ""), sig: v.string() })), v.minLength(1)),
});

/** The most signatures that are tried of a certificate: each means that all of its bytes are hashed, for each key. */
export const mostSignatures = 16;

/** The bytes that a signature of DSSE v1 covers: the pre-authentication encoding (PAE) of a type and a body. */
export function preAuthEncoding(type: string, body: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${body.length} `;
  return Buffer.concat([Buffer.from(head), body]);
}

/** Signs a text as an envelope, in one line of JSON. */
export function signedEnvelope(text: string, { id, key }: SigningKey): string {
  const body = Buffer.from(text);
  const sig = sign(null, preAuthEncoding(payloadType, body), key).toString("base64");
  const envelope: Envelope = { payloadType, payload: body.toString("base64"), signatures: [{ keyid: id, sig }] };
  return `${JSON.stringify(envelope)}\n`;
}

/** Parses a line of a bundle; undefined when it is no envelope of an in-toto statement. */
export function parseEnvelope(line: string): Envelope | undefined {
  const envelope = fromJsonText(Envelope, line);
  return envelope?.payloadType === payloadType ? envelope : undefined;
}

/** What an envelope holds and who has signed it, or why it is not to be trusted. */
export type Opened = { text: string; keyId: string } | { problem: "unknown_key" | "wrong_signature"; keyIds: string[] };

/**
 * Opens an envelope with the keys that are trusted; nothing of what it holds may be used before. A signature that names one of
 * them is tried with that key alone. Otherwise the key id in it says nothing, and every key is tried.
 */
export function openEnvelope({ payload, signatures }: Envelope, keys: readonly VerifyKey[]): Opened {
  const body = Buffer.from(payload, "base64");
  const signed = preAuthEncoding(payloadType, body);
  for (const { keyid, sig } of signatures) {
    const signature = Buffer.from(sig, "base64");
    const named = keys.filter(({ id }) => id === keyid);
    const signer = (named.length > 0 ? named : keys).find(({ key }) => verify(null, signed, key, signature));
    if (signer) return { text: body.toString("utf8"), keyId: signer.id };
  }
  const keyIds = signatures.map(({ keyid }) => keyid);
  const isKnown = keys.some(({ id }) => keyIds.includes(id));
  return { problem: isKnown ? "wrong_signature" : "unknown_key", keyIds };
}
