import { createReadStream, createWriteStream } from "node:fs";
import { link, mkdir, realpath, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { type RetryPolicy, retry } from "#shared/async/retry.ts";
import { codeOf } from "#shared/errors.ts";

/** Repeats what met a folder that another job's clean-up has removed, on a busy machine several times in a row. */
export const removedMeanwhile: RetryPolicy = {
  attempts: 100,
  firstPauseMs: 0,
  // Bun says EEXIST of a folder that it meets while it makes others, and that is gone when it looks again.
  isRetryable: (error) => ["ENOENT", "EEXIST"].includes(codeOf(error)),
};

/** Makes the folder and runs `use`; both again if another job's clean-up removes the folder in between. */
export async function makeFolder<T>(folder: string, use: () => Promise<T>): Promise<T> {
  const makeAndUse = async () => {
    await mkdir(folder, { recursive: true });
    return await use();
  };
  return await retry(makeAndUse, removedMeanwhile);
}

/** Removes a folder and its parents as long as they are empty, but never the root. */
export async function removeEmpty(folder: string, root: string): Promise<void> {
  if (folder === root) return;
  try {
    await rmdir(folder);
  } catch {
    return;
  }
  await removeEmpty(dirname(folder), root);
}

/** Throws as a rename of `part` to `path` would, and leaves neither file nor folder behind. */
export async function tryPlace(path: string, part: string) {
  const made = await firstMissing(dirname(part));
  try {
    await makeFolder(dirname(part), () => writeFile(part, ""));
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory())
      throw Object.assign(new Error("EISDIR: illegal operation on a directory"), { code: "EISDIR" });
  } finally {
    await rm(part, { force: true }).catch(() => {});
    if (made !== undefined) await removeEmpty(dirname(part), dirname(made));
  }
}

/** The highest of a folder and its parents that does not exist. */
async function firstMissing(folder: string): Promise<string | undefined> {
  const above = dirname(folder);
  const isThere = above === folder || (await stat(folder).then(Boolean, (error) => codeOf(error) !== "ENOENT"));
  return isThere ? undefined : ((await firstMissing(above)) ?? folder);
}

/** Hard links the file, which takes no time, or copies it where the file system does not allow that. */
export async function copyInto(file: string, part: string, signal: AbortSignal, onBytes?: (bytes: number) => void) {
  const source = await realpath(file);
  try {
    await link(source, part);
  } catch {
    await copyChunks(source, part, signal, onBytes);
    return;
  }
  onBytes?.((await stat(part)).size);
}

const copyChunks = (source: string, part: string, signal: AbortSignal, onBytes?: (bytes: number) => void) =>
  pipeline(
    createReadStream(source, { highWaterMark: 2 ** 20 }),
    async function* counted(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        onBytes?.(chunk.length);
        yield chunk;
      }
    },
    createWriteStream(part, { flags: "wx" }),
    { signal },
  );
