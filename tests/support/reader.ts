import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { Writable } from "node:stream";
import { Client } from "basic-ftp";
import type { FtpServer } from "./ftp-server.ts";
import { namedIn } from "./playlists.ts";
import type { startS3Server } from "./s3-server.ts";
import { filesIn } from "./service.ts";

/** Reads a destination as a player would: by another way than what delivered it. */
export type Reader = {
  keys(prefix: string): Promise<string[]>;
  /** Undefined when it is not there. */
  read(key: string): Promise<string | undefined>;
  has(key: string): Promise<boolean>;
  /** Everything below a prefix, and what its playlists and manifests name that is not there. */
  all(prefix: string): Promise<{ keys: string[]; named: string[]; missing: string[]; text(key: string): string }>;
};

export const folderReader = (root: string) =>
  reader({
    keys: async (prefix) => (await filesIn(root)).filter((key) => key.startsWith(prefix)),
    read: (key) => readFile(join(root, key), "utf8").catch(() => undefined),
    has: (key) => Bun.file(join(root, key)).exists(),
  });

export const s3Reader = ({ keys, bytes, raw, options }: Awaited<ReturnType<typeof startS3Server>>) =>
  reader({
    keys,
    read: (key) => bytes(key).then(String, () => undefined),
    has: (key) =>
      raw.headObject({ Bucket: options.bucket, Key: key }).then(
        () => true,
        () => false,
      ),
  });

/** Over one connection, so one question at a time. */
export async function ftpReader({ options }: FtpServer): Promise<Reader & AsyncDisposable> {
  const client = new Client(10_000);
  const { host, port, user, password, root } = options;
  await client.access({ host, port, user, password });
  await client.cd(root);
  async function* filesIn(folder: string): AsyncGenerator<string> {
    for (const { name, isDirectory } of await client.list(folder).catch(() => [])) {
      const path = posix.join(folder, name);
      if (isDirectory) yield* filesIn(path);
      else if (!name.endsWith(".part")) yield path;
    }
  }
  const read = async (key: string) => {
    const chunks: Buffer[] = [];
    const write = (chunk: Buffer, _: unknown, done: () => void) => {
      chunks.push(chunk);
      done();
    };
    const isThere = await client.downloadTo(new Writable({ write }), key).then(Boolean, () => false);
    return isThere ? Buffer.concat(chunks).toString() : undefined;
  };
  const has = (key: string) => client.size(key).then(Boolean, () => false);
  const keys = (prefix: string) => Array.fromAsync(filesIn(prefix));
  return { ...reader({ keys, read, has }), [Symbol.asyncDispose]: async () => client.close() };
}

function reader(way: Pick<Reader, "keys" | "read" | "has">): Reader {
  return {
    ...way,
    async all(prefix) {
      const keys = (await way.keys(prefix)).sort();
      const texts = new Map<string, string>();
      for (const key of keys.filter((key) => /\.(m3u8|mpd)$/.test(key))) texts.set(key, (await way.read(key)) ?? "");
      const named = [...texts].flatMap(([key, text]) => keysIn(key, text));
      return { keys, named, missing: named.filter((key) => !keys.includes(key)), text: (key) => texts.get(key) ?? "" };
    },
  };
}

/** The keys that a playlist names. */
const keysIn = (key: string, text: string) =>
  key.endsWith(".m3u8") ? namedIn(text).map((uri) => posix.join(posix.dirname(key), uri)) : [];

/** Reads every playlist below a prefix again and again, and everything that each of them names. */
export function watchPlaylists({ keys, read, has }: Reader, prefix: string, pauseMs = 20) {
  const texts: string[] = [];
  const broken: string[] = [];
  const leaving = new AbortController();
  const look = async (key: string) => {
    const text = await read(key);
    if (text === undefined) return;
    texts.push(text);
    for (const named of keysIn(key, text)) {
      // What was named by a playlist that is gone by now may be gone too.
      if (!(await has(named)) && (await read(key)) === text) broken.push(`${key} names ${named}, which is not there`);
    }
  };
  const watching = (async () => {
    while (!leaving.signal.aborted) {
      for (const key of await keys(prefix)) if (key.endsWith(".m3u8")) await look(key);
      await Bun.sleep(pauseMs);
    }
  })();
  return {
    seen: () => texts,
    broken: () => broken,
    async [Symbol.asyncDispose]() {
      leaving.abort();
      await watching;
    },
  };
}
