import { expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { type Opened, openEnvelope, parseEnvelope, preAuthEncoding, signedEnvelope } from "#shared/certificate/dsse.ts";
import { readPublicKeys, readSigningKey, type SigningKey, type VerifyKey } from "#shared/certificate/keys.ts";

function aPair(): { signing: SigningKey; known: VerifyKey[] } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const signing = readSigningKey(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  const known = readPublicKeys(publicKey.export({ type: "spki", format: "pem" }).toString());
  if (typeof signing === "string" || typeof known === "string") throw new Error("no keys");
  return { signing, known };
}

test("encodes a type and a body as the specification's example does", () => {
  const encoded = preAuthEncoding("http://example.com/HelloWorld", Buffer.from("hello world"));
  expect(encoded.toString()).toBe("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  expect(preAuthEncoding("é", Buffer.from("é")).toString()).toBe("DSSEv1 2 é 2 é");
});

test("an envelope opens with its key among others, and not without it", () => {
  const [ours, others] = [aPair(), aPair()];
  const line = signedEnvelope('{"a":"ü"}', ours.signing);
  expect(line.split("\n")).toHaveLength(2);
  const envelope = parseEnvelope(line);
  if (!envelope) throw new Error("no envelope");
  const keyId = ours.signing.id;
  expect(openEnvelope(envelope, [...others.known, ...ours.known])).toEqual({ text: '{"a":"ü"}', keyId });
  expect(openEnvelope(envelope, others.known)).toEqual({ problem: "unknown_key", keyIds: [keyId] });
  expect(openEnvelope({ ...envelope, signatures: [{ keyid: "", sig: "AAAA" }] }, ours.known)).toHaveProperty("problem");
});

test("one bit more or less in payload or signature is a wrong signature", () => {
  const { signing, known } = aPair();
  const envelope = parseEnvelope(signedEnvelope("{}", signing));
  if (!envelope) throw new Error("no envelope");
  const payload = Buffer.from("[]").toString("base64");
  const wrong: Opened = { problem: "wrong_signature", keyIds: [signing.id] };
  expect(openEnvelope({ ...envelope, payload }, known)).toEqual(wrong);
  const [{ sig = "" } = {}] = envelope.signatures;
  const bytes = Buffer.from(sig, "base64");
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  const signatures = [{ keyid: signing.id, sig: bytes.toString("base64") }];
  expect(openEnvelope({ ...envelope, signatures }, known)).toEqual(wrong);
});

test.each([
  ["no JSON", "{"],
  ["no signature", '{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[]}'],
  ["another type", '{"payloadType":"text/plain","payload":"e30=","signatures":[{"keyid":"a","sig":"b"}]}'],
])("a line with %s is no envelope", (_, line) => {
  expect(parseEnvelope(line)).toBeUndefined();
});
