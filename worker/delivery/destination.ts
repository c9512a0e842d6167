import { Fault } from "#shared/fault.ts";
import type { Order } from "#shared/job/order.ts";
import type { Storage } from "#shared/storage/storage.ts";

/** Where the files of one output go. */
export type Destination = {
  storage: Storage;
  /** The folder beside the entry that media and variant playlists lie in, ending in `/`; empty: they lie beside it. */
  generation: string;
  keyOf(name: string): string;
};

type Output = Pick<Order, "jobId" | "output">;

/** Where each file goes; `entries` are what a player opens. */
export function destinationOf({ output }: Output, storage: Storage, entries: readonly string[], generation: string) {
  const stem = stemOf(output.path);
  const keyOf = (name: string) => {
    // The main file of a single output is named by the order, and those that come with it after that.
    if (output.type === "single") return entries.includes(name) ? output.path : `${stem}${name.replace(/^output/, "")}`;
    return entries.includes(name) ? output.path + name : output.path + generation + name;
  };
  return { storage, generation, keyOf } satisfies Destination;
}

/** A path without its extension. */
export const stemOf = (path: string) => path.replace(/\.[^./]*$/, "");

type Attempt = {
  attempt: number;
  entries: readonly string[];
  /** Keys that earlier attempts of this job may have written. */
  ours: ReadonlySet<string>;
  signal: AbortSignal;
};

/**
 * Chooses where an output goes. One of many files never touches what another job, or an earlier attempt, has written:
 * a destination that holds an entry is refused, or its media lie in a folder of their own.
 */
export async function openDestination(order: Output, storage: Storage, { attempt, entries, ours, signal }: Attempt) {
  const { output, jobId } = order;
  if (output.type === "single") return destinationOf(order, storage, entries, "");

  const plain = destinationOf(order, storage, entries, "");
  const foreign = entries.map(plain.keyOf).filter((key) => !ours.has(key));
  const taken = (await Promise.all(foreign.map((key) => storage.stat(key, signal)))).some(Boolean);
  if (taken && !output.overwrite) {
    throw new Fault("conflict", "the destination holds another output; choose another path, or set output.overwrite");
  }
  if (!taken && attempt === 1) return plain;
  return destinationOf(order, storage, entries, `${jobId.slice(-6)}-${attempt}/`);
}
