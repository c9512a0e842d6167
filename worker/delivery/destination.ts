import { Fault } from "#shared/fault.ts";
import type { Order } from "#shared/job/order.ts";
import type { Storage } from "#shared/storage/storage.ts";
import type { ClaimPath } from "./claim-path.ts";

/** Where the files of one output go. */
export type Destination = {
  storage: Storage;
  /** The folder beside the entry that media and variant playlists lie in, ending in `/`; empty: they lie beside it. */
  generation: string;
  /** The key of a file of the output. */
  keyOf(name: string): string;
  /** Whether the destination holds an entry that is not among the job's own keys. */
  isTaken(ours: ReadonlySet<string>, signal: AbortSignal): Promise<boolean>;
  /** Throws `conflict` when the destination holds the output of another job, unless it may be replaced. */
  checkFree(ours: ReadonlySet<string>, signal: AbortSignal): Promise<void>;
};

type Output = Pick<Order, "jobId" | "output">;

/** The destination of an output; `entries` are the files that a player opens. */
export function destinationOf(
  { output }: Output,
  storage: Storage,
  entries: readonly string[],
  generation: string,
): Destination {
  const stem = stemOf(output.path);
  const keyOf = (name: string) => {
    // The order names the main file of a single output; the names of its other files are derived from that.
    if (output.type === "single") return entries.includes(name) ? output.path : `${stem}${name.replace(/^output/, "")}`;
    return entries.includes(name) ? output.path + name : output.path + generation + name;
  };
  const isTaken = async (ours: ReadonlySet<string>, signal: AbortSignal) => {
    const foreign = entries.map(keyOf).filter((key) => !ours.has(key));
    return (await Promise.all(foreign.map((key) => storage.stat(key, signal)))).some(Boolean);
  };
  return {
    storage,
    generation,
    keyOf,
    isTaken,
    async checkFree(ours, signal) {
      if (output.type !== "single" && !output.overwrite && (await isTaken(ours, signal))) throw taken();
    },
  };
}

const taken = () =>
  new Fault("conflict", "the destination holds another output; choose another path, or set output.overwrite");

/** A path without its extension. */
export const stemOf = (path: string) => path.replace(/\.[^./]*$/, "");

type Options = {
  /** The number of the attempt that delivers. */
  attempt: number;
  /** The files that a player opens. */
  entries: readonly string[];
  /** Keys that earlier attempts of this job may have written. */
  ours: ReadonlySet<string>;
  claimPath: ClaimPath;
  signal: AbortSignal;
};

/**
 * Chooses the destination of an output. An output of many files never changes the files of another job or an earlier
 * attempt: a destination that holds an entry is refused, and only the first job of a path puts its media beside the entry;
 * the media of all others go into a folder of their own.
 */
export async function openDestination(
  order: Output,
  storage: Storage,
  { attempt, entries, ours, claimPath, signal }: Options,
) {
  const { output, jobId } = order;
  const plain = destinationOf(order, storage, entries, "");
  if (output.type === "single") return plain;
  const isTaken = await plain.isTaken(ours, signal);
  if (isTaken && !output.overwrite) throw taken();
  const isFirst = attempt === 1 && !isTaken && (await claimPath(order, signal));
  return isFirst ? plain : destinationOf(order, storage, entries, `${jobId.slice(-6)}-${attempt}/`);
}
