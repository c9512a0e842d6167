import { expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { jwkOf, keyOfJwk, readPublicKeys, readSigningKey } from "#shared/certificate/keys.ts";

// The key of RFC 8037, appendix A, and its thumbprint.
const x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
const thumbprint = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

test("a key is named by the thumbprint of RFC 7638", () => {
  const key = keyOfJwk(x);
  if (!key) throw new Error("no key");
  expect(jwkOf(key)).toEqual({ kty: "OKP", crv: "Ed25519", x, kid: thumbprint, use: "sig", alg: "EdDSA" });
  const pem = key.key.export({ type: "spki", format: "pem" }).toString();
  expect(readPublicKeys(pem)).toMatchObject([{ id: thumbprint }]);
});

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const [privatePem, publicPem] = [
  privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  publicKey.export({ type: "spki", format: "pem" }).toString(),
];

test("keys may be written in one line, and several into one text", () => {
  const key = keyOfJwk(x)?.key.export({ type: "spki", format: "pem" }).toString() ?? "";
  expect(readSigningKey(privatePem.replaceAll("\n", "\\n"))).toMatchObject({ id: expect.any(String) });
  expect(readPublicKeys(`${publicPem}\n${key}`)).toMatchObject([{ id: expect.any(String) }, { id: thumbprint }]);
});

const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 });
test.each([
  [readSigningKey, "", "is not a private key"],
  [readSigningKey, publicPem, "is not a private key"],
  [readSigningKey, rsa.privateKey.export({ type: "pkcs8", format: "pem" }).toString(), "of type rsa"],
  [readPublicKeys, "", "holds no public key"],
  [readPublicKeys, privatePem, "holds a private key"],
  [readPublicKeys, rsa.publicKey.export({ type: "spki", format: "pem" }).toString(), "of type rsa"],
  [readPublicKeys, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "cannot be read"],
])("%p says what is wrong with a key", (read, text, words) => {
  const problem = read(text);
  expect(problem).toBeString();
  expect(problem).toContain(words);
});
