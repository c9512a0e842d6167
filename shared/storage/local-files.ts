import { createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { link, mkdir, readdir, realpath, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
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

/**
 * Where a text lies until it appears: in a folder of their own, under a name that says whose it is. No put of later
 * would find it after a crash, but who looks through the folder does.
 */
export const textPartIn = (root: string) =>
  join(root, textParts, `.flux-${host}-${process.pid}-${randomBytes(8).toString("hex")}.part`);

const textParts = ".flux/parts";
const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

/** Removes the texts on their way of processes that are gone. */
export async function sweepTextParts(root: string) {
  const folder = join(root, textParts);
  for (const name of await readdir(folder).catch(() => [])) {
    const [, by, pid] = /^\.flux-([0-9a-f]{8})-(\d+)-/.exec(name) ?? [];
    if (by === host && !isAlive(Number(pid))) await rm(join(folder, name), { force: true });
  }
  await removeEmpty(folder, root);
}

function isAlive(pid: number) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}

export const isPart = (name: string) => /^\.flux-[0-9a-f-]+\.part$/.test(name);

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
export async function makeFolder<T>(folder: string, use: () => Promise<T>, attempts = 3): Promise<T> {
  try {
    await mkdir(folder, { recursive: true });
    return await use();
  } catch (error) {
    if (codeOf(error) !== "ENOENT" || attempts === 1) throw error;
    return makeFolder(folder, use, attempts - 1);
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

/** Of a folder and those above it the highest that is not there. */
async function firstMissing(folder: string): Promise<string | undefined> {
  const above = dirname(folder);
  const isThere = above === folder || (await stat(folder).then(Boolean, (error) => codeOf(error) !== "ENOENT"));
  return isThere ? undefined : ((await firstMissing(above)) ?? folder);
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
