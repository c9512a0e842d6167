import { Fault } from "#shared/fault.ts";
import type { Staged, Storage } from "#shared/storage/storage.ts";

/** Throws unless the storage has the object that it confirmed. Another job may have replaced it since: that is no fault. */
export async function checkConfirmed(storage: Storage, { check }: Staged, key: string, signal: AbortSignal) {
  if (check) return await check(signal);
  if (await storage.stat(key, signal)) return;
  throw new Fault("delivery_failed", `the storage confirmed ${key.split("/").at(-1)} and has nothing there`);
}
