import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { link, mkdir, realpath, rmdir, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { Fault } from "#shared/fault.ts";
import { codeOf } from "./local-trouble.ts";

/**
 * The name of a file that is not to be seen yet, in the folder where it will appear, so that a rename is enough. It
 * follows from what is put where: after a crash the same put finds its own leftover, and takes its place.
 */
export const partOf = (path: string, from: string) =>
  join(dirname(path), `.flux-${createHash("sha256").update(`${from}\0${path}`).digest("hex").slice(0, 16)}.part`);

export const isPart = (name: string) => /^\.flux-[0-9a-f]{16}\.part$/.test(name);

/** Refuses a path whose existing part leads out of the root through a symbolic link. */
export async function refuseOutside(root: string, path: string) {
  const realRoot = await realPathOf(root);
  const fromRoot = relative(realRoot, await realPathOf(path, root));
  if (fromRoot === ".." || fromRoot.startsWith(`..${sep}`)) {
    throw new Fault("invalid", "the path leads out of the storage");
  }
}

async function realPathOf(path: string, root = path): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    return path === root ? root : await realPathOf(dirname(path), root);
  }
}

/** Makes the folder for `use`, again if another job's clean-up takes it away in between. */
export async function makeFolder(folder: string, use: () => Promise<void>, attempts = 3): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await use();
  } catch (error) {
    if (codeOf(error) !== "ENOENT" || attempts === 1) throw error;
    await makeFolder(folder, use, attempts - 1);
  }
}

/** Removes this folder and those above it as far as they are empty, and never the root. */
export async function removeEmpty(folder: string, root: string): Promise<void> {
  if (folder === root) return;
  try {
    await rmdir(folder);
  } catch {
    return;
  }
  await removeEmpty(dirname(folder), root);
}

/** Links the file, which takes no time, or copies it where the file system does not allow that. */
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
