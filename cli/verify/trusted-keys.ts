import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { keyOfJwk, readPublicKeys, type VerifyKey } from "#shared/certificate/keys.ts";
import { Fault } from "#shared/fault.ts";
import { fromJsonText } from "#shared/json-text.ts";
import { fetchText, isUrl } from "./remote.ts";

const JwkSet = v.object({ keys: v.array(v.unknown()) });

// A set may hold keys of other types, and such that are there for encryption.
const SigningJwk = v.looseObject({
  kty: v.literal("OKP"),
  crv: v.literal("Ed25519"),
  use: v.optional(v.literal("sig")),
  x: v.string(),
});

const mostJwksBytes = 2 ** 20;

/** The keys to trust: those of files in PEM, and those of a JSON Web Key Set at a URL or in a file. */
export async function trustedKeys({ key = [], jwks }: { key?: string[]; jwks?: string }): Promise<VerifyKey[]> {
  if (key.length === 0 && jwks === undefined)
    throw new Fault("invalid", "say whose signature to trust: --key with a public key in PEM, or --jwks");
  const ofFiles = await Promise.all(key.map(keysOfFile));
  const all = [...ofFiles.flat(), ...(jwks === undefined ? [] : await keysOfSet(jwks))];
  return [...new Map(all.map((one) => [one.id, one])).values()];
}

async function keysOfFile(file: string) {
  const keys = readPublicKeys(await textOf(file, "--key"));
  if (typeof keys === "string") throw new Fault("invalid", `--key: ${file} ${keys}`);
  return keys;
}

async function keysOfSet(place: string) {
  const text = isUrl(place) ? await fetchText(place, mostJwksBytes) : await textOf(place, "--jwks");
  const found = fromJsonText(JwkSet, text)?.keys ?? [];
  const keys = found.flatMap((one) => (v.is(SigningJwk, one) ? (keyOfJwk(one.x) ?? []) : []));
  if (keys.length === 0) throw new Fault("invalid", `--jwks: ${place} holds no Ed25519 keys`);
  return keys;
}

const textOf = (file: string, option: string) =>
  readFile(file, "utf8").catch((cause) => {
    throw new Fault("invalid", `${option}: there is no file ${file} that can be read`, { cause });
  });
