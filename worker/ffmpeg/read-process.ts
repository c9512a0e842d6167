import { Fault } from "#shared/fault.ts";
import type { Command, Ended, Spawn } from "./run.ts";
import { watchdog } from "./watchdog.ts";

export type Reading = {
  /** Ends the process when it fires. */
  signal: AbortSignal;
  spawn: Spawn;
  /** The longest time in which nothing more of the file is read. */
  stallMs: number;
};

/** Reads what a process writes to its end; the process is ended when nothing more comes. */
export async function readProcess<T>(
  command: Omit<Command, "signal">,
  { signal, spawn, stallMs }: Reading,
  parse: (stdout: AsyncIterable<Uint8Array>, ended: Promise<Ended>) => Promise<T>,
): Promise<T> {
  using stall = watchdog(stallMs, () => new Fault("source_failed", "the source takes too long to examine"));
  const stopped = AbortSignal.any([signal, stall.signal]);
  await using process = spawn({ ...command, signal: stopped });
  const result = await parse(touching(process.stdout, stall.touch), process.ended).catch((error) => {
    // What it did not write to its end because it was ended says nothing of the file.
    stopped.throwIfAborted();
    throw error;
  });
  await process.ended;
  stopped.throwIfAborted();
  return result;
}

async function* touching(chunks: AsyncIterable<Uint8Array>, touch: () => void) {
  for await (const chunk of chunks) {
    touch();
    yield chunk;
  }
}
