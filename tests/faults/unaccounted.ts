import { expect } from "bun:test";
import { dirname } from "node:path";
import { folderReader } from "#tests/support/reader.ts";
import { filesIn } from "#tests/support/service.ts";

/** Files in a storage on the disk that neither records nor the output, whose entry has this path, account for. */
export async function unaccountedIn(out: string, entryPath: string, isSingle: boolean): Promise<string[]> {
  const files = (await filesIn(out)).filter((file) => !file.startsWith(".flux/"));
  const entry = entryPath.slice(`${out}/`.length);
  if (isSingle) return files.filter((file) => file !== entry);
  const { missing, named } = await folderReader(out).all(`${dirname(entry)}/`);
  expect(missing).toEqual([]);
  return files.filter((file) => file !== entry && !named.includes(file));
}
