import { readFileSync } from "node:fs";
import { invalidField } from "#shared/fault.ts";
import { isPem, readPublicKeys, readSigningKey, type SigningKey, type VerifyKey } from "./keys.ts";

/** The key of SIGNING_KEY, which holds it in PEM or names its file; undefined when it is unset. */
export function openSigningKey(given: string | undefined): SigningKey | undefined {
  if (given === undefined) return undefined;
  const key = readSigningKey(textOf("SIGNING_KEY", given));
  if (typeof key === "string") throw invalidField("SIGNING_KEY", key);
  return key;
}

/** The keys of SIGNING_PUBLIC_KEYS, each entry of which holds some in PEM or names their file. */
export function openPublicKeys(given: readonly string[]): VerifyKey[] {
  const setting = "SIGNING_PUBLIC_KEYS";
  const keys = given.flatMap((entry, index) => {
    const found = readPublicKeys(textOf(setting, entry));
    if (typeof found === "string") throw invalidField(setting, `entry ${index + 1} ${found}`);
    return found;
  });
  return [...new Map(keys.map((key) => [key.id, key])).values()];
}

function textOf(setting: string, given: string): string {
  if (isPem(given)) return given;
  try {
    return readFileSync(given, "utf8");
  } catch {
    throw invalidField(setting, "is neither a key in PEM nor a file that can be read");
  }
}
