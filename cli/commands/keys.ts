import { stringify } from "yaml";
import { hashOf, newKey, parseKeys } from "#controlplane/auth/keys.ts";

/** Makes a key: its entry for API_KEYS_FILE goes to the output, the key itself, this once, beside it. */
export function createKey({ name, tenant, scopes }: { name: string; tenant: string; scopes: string }) {
  const key = newKey();
  const entry = stringify([
    { name, tenant, scopes: scopes.split(",").map((scope) => scope.trim()), hash: hashOf(key) },
  ]);
  parseKeys(entry);
  console.error(
    `The key, which is shown only now:\n\n  ${key}\n\nIts entry, to append to the file of API_KEYS_FILE:\n`,
  );
  console.log(entry.trimEnd());
}
