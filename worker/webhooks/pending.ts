import * as v from "valibot";
import { headersFor } from "#shared/storage/object-headers.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { Webhook } from "./webhook.ts";

export type Pending = ReturnType<typeof pendingWebhooks>;

/** Webhooks that are still to be sent, beside the jobs' records: `<prefix>/webhooks/<id>.json`. */
export function pendingWebhooks({ storage, prefix }: { storage: Storage; prefix: string }) {
  const folder = `${prefix}/webhooks/`;
  const keyOf = (id: string) => `${folder}${id}.json`;

  return {
    async save(webhook: Webhook, signal: AbortSignal) {
      const key = keyOf(webhook.id);
      await storage.write(key, `${JSON.stringify(webhook, null, 2)}\n`, headersFor(key), signal);
    },
    /** Undefined when it is pending no more. */
    async read(id: string, signal: AbortSignal): Promise<Webhook | undefined> {
      const text = await storage.read(keyOf(id), signal);
      return text === undefined ? undefined : v.parse(Webhook, JSON.parse(text));
    },
    remove: (id: string, signal: AbortSignal) => storage.remove(keyOf(id), signal),
    async ids(signal: AbortSignal): Promise<string[]> {
      const names = (await Array.fromAsync(storage.list(folder, signal))).map((key) => key.slice(folder.length));
      return names.flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -5)] : []));
    },
  };
}
