import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Writes a file that is there, whole, after a power cut, or was never there. */
export async function writeDurably(path: string, text: string) {
  const unfinished = `${path}.tmp`;
  await using file = await open(unfinished, "w", 0o600);
  await file.writeFile(text);
  await file.sync();
  await rename(unfinished, path);
  await syncFolder(dirname(path));
}

/** Removes a folder with all in it, so that it stays removed. */
export async function removeDurably(folder: string) {
  await rm(folder, { recursive: true, force: true });
  await syncFolder(dirname(folder));
}

/** The text of a file, or undefined when there is none. */
export const readIfThere = (path: string) =>
  readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });

async function syncFolder(path: string) {
  await using folder = await open(path, "r");
  await folder.sync();
}
