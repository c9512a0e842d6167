import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { JobUpdate } from "#shared/job/event.ts";
import type { Storage } from "#shared/storage/storage.ts";
import type { Job } from "#worker/job/job.ts";
import { ignoreMissing } from "#worker/journal/durable.ts";
import { completed } from "./deliver.ts";

type Shown = { key: string; isThere: boolean };

/**
 * The end of a job that was committed, when it cannot be read to what: completed if the storage holds exactly what the
 * output folder holds. Otherwise undefined; what the storage holds then counts as the job's own when it runs again.
 */
export async function publishedAlready(job: Job, storage: Storage): Promise<JobUpdate | undefined> {
  const { journal, stopSignal: signal } = job;
  const uploads = await journal.uploads();
  // Media are journaled as uploads too; the files that were only staged are those that the commit makes visible.
  const puts = (await journal.staged()).filter(({ key }) => !uploads.has(key));
  const shown: Shown[] = [];
  for (const { file, key } of puts) {
    const isThere = await isSame(join(journal.outputDir, basename(file)), key, storage, signal);
    shown.push({ key, isThere });
  }
  const last = shown.at(-1);
  if (!last || !shown.every(({ isThere }) => isThere)) {
    for (const { key } of shown.filter(({ isThere }) => isThere)) await journal.uploading(key);
    return undefined;
  }
  const keys = [...uploads, ...shown.map(({ key }) => key)];
  const sizes = await Promise.all(keys.map(async (key) => (await storage.stat(key, signal))?.bytes));
  const there = sizes.filter((bytes) => bytes !== undefined);
  const bytes = there.reduce((sum, size) => sum + size, 0);
  return completed(job.order, { files: there.length, bytes, url: storage.urlOf(last.key) });
}

/** Whether a key holds what a file of the output folder holds: of playlists the text, of others as many bytes. */
export async function isSame(file: string, key: string, storage: Storage, signal: AbortSignal): Promise<boolean> {
  const local = await stat(file).catch(ignoreMissing);
  const remote = await storage.stat(key, signal);
  if (!local || local.size !== remote?.bytes) return false;
  if (!/\.(m3u8|mpd)$/.test(key)) return true;
  return (await storage.read(key, signal)) === (await readFile(file, "utf8"));
}
