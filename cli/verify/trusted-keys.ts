import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { keyOfJwk, readPublicKeys, type VerifyKey } from "#shared/certificate/keys.ts";
import { Fault } from "#shared/fault.ts";
import { fromJsonText } from "#shared/json-text.ts";
import { fetchText, isUrl } from "./remote.ts";

const JwkSet = v.object({ keys: v.array(v.looseObject({ x: v.optional(v.string(), "") })) });

const mostJwksBytes = 2 ** 20;

/** The keys to trust: those of files in PEM, and those of a JSON Web Key Set at a URL or in a file. */
export async function trustedKeys({ key = [], jwks }: { key?: string[]; jwks?: string }): Promise<VerifyKey[]> {
  if (key.length === 0 && jwks === undefined)
    throw new Fault("invalid", "say whose signature to trust: --key with a public key in PEM, or --jwks");
  const ofFiles = await Promise.all(key.map(keysOfFile));
  return [...ofFiles.flat(), ...(jwks === undefined ? [] : await keysOfSet(jwks))];
}

async function keysOfFile(file: string) {
  const keys = readPublicKeys(await textOf(file, "--key"));
  if (typeof keys === "string") throw new Fault("invalid", `--key: ${file} ${keys}`);
  return keys;
}

async function keysOfSet(place: string) {
  const text = isUrl(place) ? await fetchText(place, mostJwksBytes) : await textOf(place, "--jwks");
  const keys = (fromJsonText(JwkSet, text)?.keys ?? []).flatMap(({ x }) => keyOfJwk(x) ?? []);
  if (keys.length === 0) throw new Fault("invalid", `--jwks: ${place} holds no Ed25519 keys`);
  return keys;
}

const textOf = (file: string, option: string) =>
  readFile(file, "utf8").catch((cause) => {
    throw new Fault("invalid", `${option}: there is no file ${file} that can be read`, { cause });
  });
