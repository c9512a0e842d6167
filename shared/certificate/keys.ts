import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { orUndefined } from "#shared/errors.ts";

/** A public key that certificates are verified with. */
export type VerifyKey = { id: string; key: KeyObject };

/** The key that certificates are signed with. */
export type SigningKey = VerifyKey;

const pemBlock = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/** Whether a text holds keys itself; otherwise it names a file. */
export const isPem = (text: string) => text.includes("-----BEGIN ");

// A file of settings has one line for each: there the line breaks of a PEM are written as \n.
const withLineBreaks = (text: string) => text.replaceAll("\\n", "\n");

/** Reads an Ed25519 private key in PEM (PKCS #8, as `openssl genpkey -algorithm ed25519` writes it), or says what is wrong. */
export function readSigningKey(text: string): SigningKey | string {
  const key = orUndefined(() => createPrivateKey(withLineBreaks(text)));
  if (!key) return "is not a private key in PEM: `openssl genpkey -algorithm ed25519` makes one";
  if (key.asymmetricKeyType !== "ed25519") return `is a key of type ${key.asymmetricKeyType}: use an Ed25519 key`;
  return { id: keyIdOf(createPublicKey(key)), key };
}

/** Reads the Ed25519 public keys in a text of one or more PEMs, or says what is wrong. */
export function readPublicKeys(text: string): VerifyKey[] | string {
  const blocks = [...withLineBreaks(text).matchAll(pemBlock)];
  if (blocks.length === 0) return "holds no public key in PEM: `openssl pkey -pubout` writes one";
  const keys: VerifyKey[] = [];
  for (const [pem, label = ""] of blocks) {
    if (label.includes("PRIVATE"))
      return "holds a private key: put the public one there, which `openssl pkey -pubout` writes";
    const key = orUndefined(() => createPublicKey(pem));
    if (!key) return "holds a public key that cannot be read";
    if (key.asymmetricKeyType !== "ed25519") return `holds a key of type ${key.asymmetricKeyType}: use Ed25519 keys`;
    keys.push({ id: keyIdOf(key), key });
  }
  return keys;
}

/** An Ed25519 public key as a JSON Web Key (RFC 8037). */
export function jwkOf({ id, key }: VerifyKey) {
  return { kty: "OKP", crv: "Ed25519", x: rawOf(key), kid: id, use: "sig", alg: "EdDSA" };
}

/** The public key of a JSON Web Key; undefined when it is no Ed25519 key. Its id is computed, not taken from `kid`. */
export function keyOfJwk(x: string): VerifyKey | undefined {
  const key = orUndefined(() => createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" }));
  return key && { id: keyIdOf(key), key };
}

/** The thumbprint of a key (RFC 7638): the SHA-256 of its required members in their order, in base64url. */
function keyIdOf(publicKey: KeyObject): string {
  const members = JSON.stringify({ crv: "Ed25519", kty: "OKP", x: rawOf(publicKey) });
  return createHash("sha256").update(members).digest("base64url");
}

function rawOf(publicKey: KeyObject): string {
  if (publicKey.asymmetricKeyType !== "ed25519") return "";
  return String(publicKey.export({ format: "jwk" }).x);
}
