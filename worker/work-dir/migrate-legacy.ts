import { lstat, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { fromJsonText } from "#shared/json-text.ts";
import type { Log } from "#shared/log.ts";
import { readIfThere } from "#worker/journal/durable.ts";
import { retainedFolder } from "#worker/journal/journal.ts";

/** The lock that former versions hold for as long as they run; one that was killed leaves it behind. */
const legacySocket = ".worker.sock";

/** The names that former versions gave the folders of jobs: 8 hex digits for the worker, then a UUID v7. */
const legacyId = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export const isUsedByLegacyVersion = (workDir: string): Promise<boolean> =>
  Bun.connect({ unix: join(workDir, legacySocket), socket: { data() {} } }).then(
    (socket) => {
      socket.end();
      return true;
    },
    () => false,
  );

/**
 * Moves the jobs and the retained outputs that a former version has left directly in `WORK_DIR` to the worker's own folder.
 * A folder that may belong to somebody else stays. Returns how many jobs were moved.
 */
export async function migrateLegacyJobs(workDir: string, folder: string, log: Log): Promise<number> {
  const move = async (from: string, to: string, name: string) => {
    try {
      await rename(join(from, name), join(to, name));
      return 1;
    } catch (err) {
      log.error({ job_id: name, err }, "a job that a former version has left cannot be moved");
      return 0;
    }
  };
  let moved = 0;
  for (const name of await foldersOf(workDir, "order.json")) moved += await move(workDir, folder, name);
  const [legacyRetained, retained] = [join(workDir, retainedFolder), join(folder, retainedFolder)];
  for (const name of await foldersOf(legacyRetained, "kept.json")) {
    await mkdir(retained, { recursive: true });
    await move(legacyRetained, retained, name);
  }
  await removeLegacySocket(join(workDir, legacySocket));
  return moved;
}

/** The folders that belong to jobs: by their name, or because they hold a journal that names them. */
async function foldersOf(parent: string, journal: string): Promise<string[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (parent.endsWith(retainedFolder) && (error.code === "ENOENT" || error.code === "ENOTDIR")) return [];
    throw error;
  });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const ours = await Promise.all(names.map((name) => isOfJob(join(parent, name), name, journal)));
  return names.filter((_, index) => ours[index]);
}

// A larger file is not the journal of a job.
const maxJournalBytes = 2 ** 20;

const Order = v.object({ job_id: v.string(), input_url: v.string() });
const Journal = v.union([Order, v.object({ order: Order })]);

async function isOfJob(folder: string, name: string, journal: string): Promise<boolean> {
  if (legacyId.test(name)) return true;
  const path = join(folder, journal);
  const about = await lstat(path).catch(() => undefined);
  if (!about?.isFile() || about.size > maxJournalBytes) return false;
  const found = fromJsonText(Journal, await readIfThere(path).catch(() => undefined));
  return found !== undefined && ("order" in found ? found.order : found).job_id === name;
}

async function removeLegacySocket(path: string) {
  if ((await lstat(path).catch(() => undefined))?.isSocket()) await rm(path, { force: true });
}
