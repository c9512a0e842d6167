import { createHash } from "node:crypto";
import { basename, dirname } from "node:path/posix";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { retry } from "#shared/async/retry.ts";
import { ignoring } from "#shared/errors.ts";
import { fetchInto } from "#shared/storage/fetch-into.ts";
import type { Connection } from "./connections.ts";
import { isMissing, isRefusal, isUnknownCommand, mayBeMissing } from "./faults.ts";

// Whoever else replaces the same file may be quicker, and has its file there for good: each costs one attempt at most.
const replacing = { attempts: 10, firstPauseMs: 50, factor: 1, jitter: 1 };

/** The bytes of a file; undefined when there is none. */
export const sizeOf = (connection: Connection, key: string): Promise<number | undefined> =>
  ifThere(connection, key, ({ client, pathOf }) => client.size(pathOf(key)));

/** The entries of a folder; undefined when there is no such folder. */
export const entriesOf = (connection: Connection, folder: string) =>
  ifThere(connection, folder, async ({ client, pathOf }) => {
    // Not listed by its path, in which some servers expand wildcards.
    await client.cd(pathOf(folder));
    return await client.list();
  });

/** Looks in the parent folder, for replies that do not tell whether a file exists. */
async function isListed(connection: Connection, key: string): Promise<boolean> {
  const [folder, name] = [dirname(key), basename(key)];
  if (folder === key) return true;
  return (await entriesOf(connection, folder))?.some((entry) => entry.name === name) ?? false;
}

/**
 * Shows a temporary file in place of what is there. Most servers rename over it; for the others it has to go first, and
 * readers find nothing in between.
 */
export async function replace(connection: Connection, part: string, key: string): Promise<void> {
  const { client, pathOf } = connection;
  await retry(() => client.rename(pathOf(part), pathOf(key)), {
    ...replacing,
    isRetryable: async (error) =>
      isRefusal(error) && !isUnknownCommand(error) && (await sizeOf(connection, part)) !== undefined,
    // A refusal may only mean that the file was gone when it was to be removed and that another one is there by now.
    onRetry: () => removeIfThere(connection, key).catch(ignoring(isRefusal)),
  });
}

/** Returns whether the file was there. */
export async function removeIfThere(connection: Connection, key: string): Promise<boolean> {
  const { client, pathOf } = connection;
  try {
    await client.remove(pathOf(key));
    return true;
  } catch (error) {
    if (!(isMissing(error) || mayBeMissing(error)) || (await sizeOf(connection, key)) !== undefined) throw error;
    return false;
  }
}

/**
 * The content of a small text; undefined when there is none. Whether it exists is asked first, because ProFTPD closes
 * the data connection when it is asked for a file that does not exist.
 */
export async function textAt(connection: Connection, key: string): Promise<string | undefined> {
  if ((await sizeOf(connection, key)) === undefined) return undefined;
  return String(await bytesFrom(connection, key, 0));
}

/** The SHA-256 of a file that exists, in hex. */
export async function hashOf({ client, pathOf }: Connection, key: string): Promise<string> {
  const hash = createHash("sha256");
  await client.downloadTo(hash, pathOf(key));
  return hash.digest("hex");
}

/** The content of a file from an offset on. */
export async function bytesFrom({ client, pathOf }: Connection, key: string, start: number): Promise<Buffer> {
  const through = new PassThrough();
  const [content] = await Promise.all([buffer(through), client.downloadTo(through, pathOf(key), start)]);
  return content;
}

/** Copies a file to a local one; undefined when there is none. */
export async function fetchFile(
  connection: Connection,
  key: string,
  { file, signal, mostBytes }: { file: string; signal: AbortSignal; mostBytes: number | undefined },
): Promise<{ bytes: number } | undefined> {
  const size = await sizeOf(connection, key);
  if (size === undefined) return undefined;
  const { client, pathOf } = connection;
  const content = new PassThrough();
  const ended = client.downloadTo(content, pathOf(key)).then(
    () => undefined,
    (error: Error) => {
      content.destroy(error);
      return error;
    },
  );
  return await fetchInto(file, whole(content, size, ended), signal, mostBytes);
}

/** Throws at the end of a content that has another size, or that the server does not confirm. */
async function* whole(content: AsyncIterable<Uint8Array>, size: number, ended: Promise<Error | undefined>) {
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    yield chunk;
  }
  const error = await ended;
  if (error) throw error;
  if (bytes !== size) throw new Error(`the storage sent ${bytes} of ${size} bytes`);
}

/** The result of the work; undefined when the file or folder it asks for does not exist. */
async function ifThere<T>(connection: Connection, key: string, work: (connection: Connection) => Promise<T>) {
  try {
    return await work(connection);
  } catch (error) {
    const isGone = isMissing(error) || (mayBeMissing(error) && !(await isListed(connection, key)));
    if (isGone) return undefined;
    throw error;
  }
}
