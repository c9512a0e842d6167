import { Readable } from "node:stream";
import { ignoring } from "#shared/errors.ts";
import type { Ask, Connection } from "./connections.ts";
import { isRefusal, replyOf } from "./faults.ts";
import { bytesFrom, removeIfThere, sizeOf } from "./files.ts";
import type { FtpFolders } from "./folders.ts";

/** What is sent. `from` reads it from an offset on. */
export type Content = { bytes: number; from(start: number): AsyncIterable<Uint8Array> };

// This many bytes of video are enough to tell one place in a file from another.
const comparedBytes = 2 ** 16;

type Deps = { ask: Ask; folders: FtpFolders };

/** What one connection sends, and where to. */
type Sending = {
  connection: Connection;
  folders: FtpFolders;
  key: string;
  content: Content;
  /** Told how many bytes of the content are sent. */
  report(sent: number): void;
};

/** Sends content to a key. After a dropped connection it resumes at what the server has. */
export async function upload(
  { ask, folders }: Deps,
  key: string,
  content: Content,
  signal: AbortSignal,
  onBytes?: (bytes: number) => void,
) {
  let reported = 0;
  let reached = 0;
  let isBegun = false;

  await ask(async (connection) => {
    const report = (sent: number) => {
      if (sent <= reported) return;
      onBytes?.(sent - reported);
      reported = sent;
      connection.advanced();
    };
    // Only what this call has sent is resumed: a leftover of another run may be of another file.
    const there = isBegun ? await sizeOf(connection, key) : undefined;
    isBegun = true;
    // Sent bytes may get lost on the way: they are progress once they are there.
    if (there !== undefined && there > reached) {
      reached = there;
      connection.advanced();
    }
    await sendRest({ connection, folders, key, content, report }, there);
    const arrived = await sizeOf(connection, key);
    if (arrived !== content.bytes) throw new Error(`${arrived} of ${content.bytes} bytes arrived`);
  }, signal);
}

/** Appends what is missing, or sends everything when what is there is wrong or cannot be appended to. */
async function sendRest(sending: Sending, there: number | undefined) {
  const { connection, folders, key, content } = sending;
  const sendAll = async () => {
    if (there !== undefined) await removeIfThere(connection, key);
    await folders.make(connection, key, () => send(sending, "uploadFrom", 0));
  };
  if (there === undefined || !(await endsRight(sending, there))) return sendAll();
  if (there === content.bytes) return;
  try {
    await send(sending, "appendFrom", there);
  } catch (error) {
    // ProFTPD answers 451 unless AllowStoreRestart is on.
    const isRefused = replyOf(error) === 451 || isRefusal(error);
    if (!isRefused || connection.client.closed) throw error;
    await sendAll();
  }
}

/**
 * Whether what is there ends as it was sent. A server may still be writing the bytes of a cut connection when the next
 * one begins to append: then some bytes are there twice, and all that follow are in the wrong place.
 */
async function endsRight({ connection, key, content }: Sending, there: number): Promise<boolean> {
  if (there > content.bytes) return false;
  const start = Math.max(0, there - comparedBytes);
  // Some servers cannot read from an offset.
  const found = await bytesFrom(connection, key, start).catch(ignoring(isRefusal));
  if (found && found.length > there - start) throw new Error("what was sent before is still arriving");
  return found?.equals(await someOf(content.from(start), there - start)) ?? false;
}

async function someOf(chunks: AsyncIterable<Uint8Array>, bytes: number): Promise<Buffer> {
  const some: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    if (length >= bytes) break;
    some.push(chunk);
    length += chunk.length;
  }
  return Buffer.concat(some).subarray(0, bytes);
}

async function send(
  { connection: { client, pathOf }, key, content, report }: Sending,
  how: "uploadFrom" | "appendFrom",
  start: number,
) {
  const stream = Readable.from(counted(content.from(start), start, report), { objectMode: false });
  try {
    await client[how](stream, pathOf(key));
  } finally {
    stream.destroy();
  }
}

async function* counted(chunks: AsyncIterable<Uint8Array>, start: number, report: (sent: number) => void) {
  let sent = start;
  for await (const chunk of chunks) {
    yield chunk;
    sent += chunk.length;
    report(sent);
  }
}
