import { Writable } from "node:stream";
import type { Connection } from "./ftp-connections.ts";
import { isMissing, isRefusal } from "./ftp-trouble.ts";

/** Undefined when there is no such file. */
export const sizeOf = ({ client, pathOf }: Connection, key: string): Promise<number | undefined> =>
  ifThere(() => client.size(pathOf(key)));

/**
 * Shows a temporary file in place of what is there. Most servers rename over it; for the others it has to go first, and
 * readers find nothing in between.
 */
export async function replace(connection: Connection, part: string, key: string) {
  const { client, pathOf } = connection;
  try {
    await client.rename(pathOf(part), pathOf(key));
  } catch (error) {
    const sizes = isRefusal(error) ? [await sizeOf(connection, part), await sizeOf(connection, key)] : [undefined];
    if (sizes.includes(undefined)) throw error;
    await client.remove(pathOf(key));
    await client.rename(pathOf(part), pathOf(key));
  }
}

/** Tells whether it was there. */
export async function removeIfThere(connection: Connection, key: string): Promise<boolean> {
  const { client, pathOf } = connection;
  try {
    await client.remove(pathOf(key));
    return true;
  } catch (error) {
    if (!isMissing(error) || (await sizeOf(connection, key)) !== undefined) throw error;
    return false;
  }
}

export async function textAt({ client, pathOf }: Connection, key: string): Promise<string> {
  const chunks: Buffer[] = [];
  const collect = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  await client.downloadTo(collect, pathOf(key));
  return Buffer.concat(chunks).toString();
}

/** Undefined when what the work asks for is not there. */
export async function ifThere<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
