import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { retry } from "#shared/async/retry.ts";
import { codeOf, ignoring } from "#shared/errors.ts";

/** Writes a file atomically: after a power cut it is there with its whole text, or as it was before. */
export async function writeDurably(path: string, text: string) {
  const unfinished = `${path}.tmp`;
  await using file = await open(unfinished, "w", 0o600);
  await file.writeFile(text);
  await file.sync();
  await rename(unfinished, path);
  await syncFolder(dirname(path));
}

const removing = ".removing-";

/** Whether a folder is one of which nothing is needed: its removal was begun, or a crash has left it. */
export const isBeingRemoved = (name: string) => name.startsWith(removing);

/** Makes a folder that goes when it is disposed of; what a crash leaves of it goes at the next start. */
export async function passingFolder(parent: string, name: string): Promise<AsyncDisposable & { path: string }> {
  const path = join(parent, removing + name);
  await mkdir(path);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Removes a folder so that a power cut does not bring it back. It is never found half removed under its name. */
export async function removeDurably(folder: string) {
  const aside = join(dirname(folder), removing + basename(folder));
  await rm(aside, { recursive: true, force: true });
  await rename(folder, aside).catch(ignoreMissing);
  await rm(aside, { recursive: true, force: true });
  await syncFolder(dirname(folder));
}

/** Moves a folder to another place on the same disk so that a power cut does not undo that. */
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

export const isMissing = (error: unknown) => codeOf(error) === "ENOENT";

/** For `catch`: undefined when a file is missing. Any other error is thrown. */
export const ignoreMissing = ignoring(isMissing);

async function syncFolder(path: string) {
  await using folder = await open(path, "r");
  await folder.sync();
}
