import { open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { retry } from "#shared/async/retry.ts";

/** Writes a file that is there, whole, after a power cut, or was never there. */
export async function writeDurably(path: string, text: string) {
  const unfinished = `${path}.tmp`;
  await using file = await open(unfinished, "w", 0o600);
  await file.writeFile(text);
  await file.sync();
  await rename(unfinished, path);
  await syncFolder(dirname(path));
}

const removing = ".removing-";

/** The folders that `removeDurably` was cut short at: nothing in them is needed. */
export const isBeingRemoved = (name: string) => name.startsWith(removing);

/** Removes a folder with all in it, so that it stays removed. Nobody ever finds a part of it under its name. */
export async function removeDurably(folder: string) {
  const aside = join(dirname(folder), removing + basename(folder));
  await rm(aside, { recursive: true, force: true });
  await rename(folder, aside).catch(ignoreMissing);
  await rm(aside, { recursive: true, force: true });
  await syncFolder(dirname(folder));
}

/** Moves a folder elsewhere on the same disk, so that it stays there. */
export async function moveDurably(from: string, to: string) {
  await rename(from, to);
  await Promise.all([syncFolder(dirname(from)), syncFolder(dirname(to))]);
}

/** Reads a whole file as text. */
export type ReadText = (path: string) => Promise<string>;

export const readText: ReadText = (path) => readFile(path, "utf8");

// For failures such as one open file too many for a moment: after 20 ms, 200 ms and 1 s.
const readRetry = { firstPauseMs: 20, factor: 10, longestPauseMs: 1_000, attempts: 4 };

/** The text of a file, or undefined when there is none. Any other error is thrown when it lasts for more than a second. */
export const readIfThere = (path: string, read: ReadText = readText): Promise<string | undefined> =>
  retry(() => read(path).catch(ignoreMissing), readRetry);

export const isMissing = (error: unknown) => error instanceof Error && "code" in error && error.code === "ENOENT";

function ignoreMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

async function syncFolder(path: string) {
  await using folder = await open(path, "r");
  await folder.sync();
}
