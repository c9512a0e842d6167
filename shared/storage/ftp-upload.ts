import { Readable } from "node:stream";
import type { Ask, Connection } from "./ftp-connections.ts";
import { sizeOf } from "./ftp-files.ts";
import type { FtpFolders } from "./ftp-folders.ts";

/** What is sent, from a place in it on. */
export type Content = { bytes: number; from(start: number): AsyncIterable<Uint8Array> };

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
    if (there === undefined || there > content.bytes) {
      await folders.make(connection, key, () => send(connection, "uploadFrom", key, content, 0, tell));
    } else if (there < content.bytes) {
      await send(connection, "appendFrom", key, content, there, tell);
    }
    const arrived = await sizeOf(connection, key);
    if (arrived !== content.bytes) throw new Error(`${arrived} of ${content.bytes} bytes arrived`);
  }, signal);
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
