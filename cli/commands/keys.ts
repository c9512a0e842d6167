import { stringify } from "yaml";
import { type Context, print } from "#cli/context.ts";
import { hashOf, newKey, parseKeys } from "#controlplane/auth/keys.ts";

/** Makes a key: its entry for API_KEYS_FILE goes to the output, the key itself, this once, beside it. */
export function createKey(
  context: Context,
  { name, tenant, scopes }: { name: string; tenant: string; scopes: string },
) {
  const key = newKey();
  const entry = { name, tenant, scopes: scopes.split(",").map((scope) => scope.trim()), hash: hashOf(key) };
  const text = stringify([entry]);
  parseKeys(text);
  if (!context.isJson) {
    console.error(
      `The key, which is shown only now:\n\n  ${key}\n\nIts entry, to append to the file of API_KEYS_FILE:\n`,
    );
  }
  print(context, { key, entry }, text.trimEnd());
}
