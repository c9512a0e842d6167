import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "#shared/fault.ts";
import type { Order } from "#shared/job/order.ts";
import type { Storage } from "#shared/storage/storage.ts";

type Put = { key: string; bytes: number };

// Some stores show what is new a moment later, above all through a second site.
const looks = 4;
const firstWaitMs = 250;
// Looking for what is to be removed is not worth waiting for longer.
const cleanUpMs = 10_000;

/**
 * What a player opens, looked at before it is shown and after: single files, or the main entry of many files. What was
 * confirmed of the rest is believed.
 */
export async function lookAtOpened(
  storage: Pick<Storage, "stat">,
  { output }: Pick<Order, "output">,
  puts: readonly Put[],
  signal: AbortSignal,
) {
  const opened = output.type === "single" ? puts : puts.slice(-1);
  // Otherwise it was just seen that there is nothing.
  const mayReplace = output.type === "single" || output.overwrite;
  const sizeOf = async (key: string, looking: AbortSignal) => (await storage.stat(key, looking))?.bytes;
  const before = await Promise.all(opened.map(({ key }) => (mayReplace ? sizeOf(key, signal) : undefined)));

  return {
    includes: (put: Put) => opened.includes(put),
    /** Throws unless the storage shows all of it, with its size. */
    async check() {
      for (const put of opened) await checkThere((looking) => sizeOf(put.key, looking), put, signal);
    },
    /** What is not as it was: what was there before, and still is, is not ours to remove. */
    async changed(): Promise<string[]> {
      const over = AbortSignal.timeout(cleanUpMs);
      const sizes = await Promise.all(opened.map(({ key }) => sizeOf(key, over).catch(() => undefined)));
      return opened.flatMap(({ key }, at) => (sizes[at] !== undefined && sizes[at] !== before[at] ? [key] : []));
    },
  };
}

async function checkThere(look: (signal: AbortSignal) => Promise<number | undefined>, put: Put, signal: AbortSignal) {
  for (let tried = 1; ; tried += 1) {
    const bytes = await look(signal);
    if (bytes === put.bytes) return;
    const name = put.key.split("/").at(-1);
    const has = bytes === undefined ? "nothing there" : `${bytes} of its ${put.bytes} bytes`;
    if (tried === looks) throw new Fault("delivery_failed", `the storage confirmed ${name} and has ${has}`);
    await sleep(firstWaitMs * 2 ** (tried - 1), undefined, { signal });
  }
}
