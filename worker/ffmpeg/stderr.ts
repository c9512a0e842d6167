import { type FileHandle, open } from "node:fs/promises";
import { lines } from "./lines.ts";

/** How much of a log is written at a time, which is at most lost of one when the worker dies. */
const writtenBytes = 65_536;

const kept = { lines: 20, lineLength: 500, logBytes: 16 * 2 ** 20 };

type Readers = {
  /** Gets all of it, up to 16 MiB. */
  logFile?: string | undefined;
  /** Gets each line as it comes. */
  onLine?: ((line: string) => void) | undefined;
};

/** Reads a stderr to its end; the last lines that are worth a reader's time are the answer. It never fails. */
export async function readStderr(
  stderr: AsyncIterable<Uint8Array>,
  { logFile, onLine = () => {} }: Readers,
): Promise<string[]> {
  const log = logFile === undefined ? undefined : await open(logFile, "w").catch(() => undefined);
  const last: string[] = [];
  try {
    for await (const line of lines(log ? copied(stderr, log) : stderr)) {
      onLine(line);
      const words = line.replace(levelMark, "$<before>");
      if (words.trim() && !isInformation.test(line)) last.push(words.slice(0, kept.lineLength));
      if (last.length > kept.lines) last.shift();
    }
  } finally {
    await log?.close();
  }
  return last;
}

// What `-v level+verbose` puts before the words: who says it, and how serious it is.
const isInformation = /^(\[[^\]]* @ [^\]]*\] )*\[(info|verbose|debug|trace)\]/;
const levelMark = /^(?<before>(\[[^\]]* @ [^\]]*\] )*)\[(panic|fatal|error|warning)\] /;

/**
 * What is read, and a copy of it on the disk, in few writes: ffmpeg says each line by itself. A log that cannot be written
 * is no reason to stop reading: the process would block.
 */
async function* copied(chunks: AsyncIterable<Uint8Array>, log: FileHandle) {
  let room = kept.logBytes;
  let pending = Buffer.alloc(0);
  const write = () =>
    log.write(pending.subarray(0, room)).then(
      ({ bytesWritten }) => {
        room -= bytesWritten;
        pending = Buffer.alloc(0);
      },
      () => {
        room = 0;
      },
    );
  for await (const chunk of chunks) {
    yield chunk;
    if (room > 0) pending = Buffer.concat([pending, chunk]);
    if (room > 0 && pending.length >= writtenBytes) await write();
  }
  if (room > 0) await write();
}
