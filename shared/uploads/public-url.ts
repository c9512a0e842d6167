import { randomUUID } from "node:crypto";
import { headersFor } from "#shared/storage/object-headers.ts";
import type { UploadPlace } from "./upload-url.ts";

const removeMs = 5_000;

/**
 * Where anybody can read uploads; undefined where nobody can. Something is written beside them, and asked for without
 * credentials where players read the storage.
 */
export async function publicUrlOf({ storage, prefix }: UploadPlace, signal: AbortSignal): Promise<string | undefined> {
  const key = `${prefix}/_private/${randomUUID()}`;
  const url = storage.urlOf(key);
  if (!/^https?:/.test(url)) return undefined;
  const text = randomUUID();
  try {
    await storage.write(key, text, headersFor(key), signal);
    const read = await fetch(url, { signal }).then(
      (answer) => answer.text(),
      () => "",
    );
    return read.includes(text) ? storage.urlOf(prefix) : undefined;
  } finally {
    await storage.remove(key, AbortSignal.timeout(removeMs)).catch(() => {});
  }
}
