import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { Fault } from "#shared/fault.ts";

/**
 * Writes what a storage sends to a local file, in place of what is there, and returns how much that was. When it fails, is
 * aborted or is more than `mostBytes`, there is no file.
 */
export async function fetchInto(
  file: string,
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  mostBytes = Number.POSITIVE_INFINITY,
): Promise<{ bytes: number }> {
  let bytes = 0;
  const bounded = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > mostBytes) throw new Fault("too_large", `the object has more than ${mostBytes} bytes`);
      yield chunk;
    }
  };
  // What is there may be a link to somewhere else.
  await rm(file, { force: true });
  const written = createWriteStream(file, { flags: "wx" });
  const closed = new Promise((resolve) => written.once("close", resolve));
  try {
    await pipeline(content, bounded, written, { signal });
    return { bytes };
  } catch (error) {
    // Content that fails at once does so before the file is there.
    await closed;
    await rm(file, { force: true });
    signal.throwIfAborted();
    throw error;
  }
}
