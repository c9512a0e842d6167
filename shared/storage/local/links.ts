import { lstat, realpath } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { retry } from "#shared/async/retry.ts";
import { codeOf } from "#shared/errors.ts";
import { Fault } from "#shared/fault.ts";
import { removedMeanwhile } from "./files.ts";

/**
 * Refuses a path whose existing part leads through a symbolic link out of the root, or out of the folder that holds the
 * link, because that folder may belong to one tenant and the target to another.
 */
export async function refuseOutside(root: string, path: string) {
  // Resolved, because a link is never seen in a path that ends in `/`.
  const wanted = resolve(path);
  // Bun finds out where an open file lies: `realpath` of one that is removed just then ends in ` (deleted)`.
  await retry(() => refuseExisting(root, wanted), removedMeanwhile);
}

async function refuseExisting(root: string, path: string) {
  const existing = await existingPartOf(path, root);
  if (existing === undefined) return;
  const { path: there, real } = existing;
  if (real === join(await realpath(root), relative(root, there))) return;
  await refuseLinks(root, there);
}

async function refuseLinks(root: string, path: string): Promise<void> {
  if (path === root) return;
  await refuseLinks(root, dirname(path));
  if (!(await lstat(path)).isSymbolicLink()) return;
  const fromFolder = relative(await realpath(dirname(path)), await realpath(path));
  if (fromFolder === ".." || fromFolder.startsWith(`..${sep}`))
    throw new Fault("invalid", "the path leads out of the storage, or of a folder in it, by a symbolic link");
}

/** The path, or its nearest parent that exists; undefined when there is no root yet. */
async function existingPartOf(path: string, root: string): Promise<{ path: string; real: string } | undefined> {
  try {
    return { path, real: await realpath(path) };
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    return path === root ? undefined : await existingPartOf(dirname(path), root);
  }
}
