import { Readable } from "node:stream";
import type { Ask, Connection } from "./connections.ts";
import { isRefusal, replyOf } from "./faults.ts";
import { bytesFrom, removeIfThere, sizeOf } from "./files.ts";
import type { FtpFolders } from "./folders.ts";

/** What is sent, from a place in it on. */
export type Content = { bytes: number; from(start: number): AsyncIterable<Uint8Array> };

// Of video, so much tells one place from another.
const comparedBytes = 2 ** 16;

type Deps = { ask: Ask; folders: FtpFolders };

/** Sends a content to a key. After a dropped connection it goes on from where the server has it. */
export async function upload(
  { ask, folders }: Deps,
  key: string,
  content: Content,
  signal: AbortSignal,
  onBytes?: (bytes: number) => void,
) {
  let told = 0;
  let reached = 0;
  let isBegun = false;

  await ask(async (connection) => {
    const tell = (sent: number) => {
      if (sent <= told) return;
      onBytes?.(sent - told);
      told = sent;
      connection.advanced();
    };
    // What another run left there may be of another file: only what was sent here is continued.
    const there = isBegun ? await sizeOf(connection, key) : undefined;
    isBegun = true;
    // What was sent may have got lost on the way: it is progress when it is there.
    if (there !== undefined && there > reached) {
      reached = there;
      connection.advanced();
    }
    await sendRest({ connection, folders }, key, content, there, tell);
    const arrived = await sizeOf(connection, key);
    if (arrived !== content.bytes) throw new Error(`${arrived} of ${content.bytes} bytes arrived`);
  }, signal);
}

/** Sends what is missing; all of it, in place of what is there, where that is wrong or cannot be appended to. */
async function sendRest(
  { connection, folders }: { connection: Connection; folders: FtpFolders },
  key: string,
  content: Content,
  there: number | undefined,
  tell: (sent: number) => void,
) {
  const sendAll = async () => {
    if (there !== undefined) await removeIfThere(connection, key);
    await folders.make(connection, key, () => send(connection, "uploadFrom", key, content, 0, tell));
  };
  if (there === undefined || !(await endsRight(connection, key, content, there))) return sendAll();
  if (there === content.bytes) return;
  try {
    await send(connection, "appendFrom", key, content, there, tell);
  } catch (error) {
    // ProFTPD says 451 unless AllowStoreRestart is on.
    const isRefused = replyOf(error) === 451 || isRefusal(error);
    if (!isRefused || connection.client.closed) throw error;
    await sendAll();
  }
}

/**
 * Whether the end of what is there is what was sent. A server may still be at the bytes of a connection that was cut when
 * the next begins to append: then some are there twice, and all that follows is in a wrong place.
 */
async function endsRight(connection: Connection, key: string, content: Content, there: number): Promise<boolean> {
  if (there > content.bytes) return false;
  const start = Math.max(0, there - comparedBytes);
  const found = await bytesFrom(connection, key, start).catch((error) => {
    // A server that reads from no place but the beginning.
    if (isRefusal(error)) return undefined;
    throw error;
  });
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
  { client, pathOf }: Connection,
  how: "uploadFrom" | "appendFrom",
  key: string,
  content: Content,
  start: number,
  tell: (sent: number) => void,
) {
  const stream = Readable.from(counted(content.from(start), start, tell), { objectMode: false });
  try {
    await client[how](stream, pathOf(key));
  } finally {
    stream.destroy();
  }
}

async function* counted(chunks: AsyncIterable<Uint8Array>, start: number, tell: (sent: number) => void) {
  let sent = start;
  for await (const chunk of chunks) {
    yield chunk;
    sent += chunk.length;
    tell(sent);
  }
}
