import { computed, signal } from "@preact/signals";
import { client } from "./session.ts";

const known = signal<{ of: typeof client.value; scopes: readonly string[] } | undefined>(undefined);

/** Whether the API key may remove jobs; false while that is not known. */
export const mayRemove = computed(() => {
  const { of, scopes = [] } = known.value ?? {};
  return of === client.value && scopes.some((scope) => scope === "jobs:remove" || scope === "admin");
});

/** Asks once what the API key may do. */
export async function readScopes() {
  const asking = client.peek();
  if (known.peek()?.of === asking) return;
  known.value = { of: asking, scopes: await asking.scopes() };
}
