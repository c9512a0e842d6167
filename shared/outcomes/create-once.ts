import { headersFor } from "#shared/storage/object-headers.ts";
import type { Storage } from "#shared/storage/storage.ts";

/**
 * Whether this caller, of all who try, is the one that a key names, also from an earlier call. Where a storage cannot decide,
 * several may be: what they do must harm nothing when it is done twice.
 */
export async function createOnce(storage: Storage, key: string, by: string, signal: AbortSignal): Promise<boolean> {
  const text = `${by}\n`;
  const found = await storage.read(key, signal);
  if (found !== undefined) return found === text;
  if (storage.create) return await storage.create(key, text, headersFor(key), signal);
  await storage.write(key, text, headersFor(key), signal);
  return true;
}
