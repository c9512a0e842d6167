import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { checkedJobId } from "#shared/job/id.ts";
import { type Order, OrderFromJson, orderToJson } from "#shared/job/order.ts";
import { readIfThere, writeDurably } from "#worker/journal/durable.ts";
import { type Journal, keptFolder } from "#worker/journal/journal.ts";
import { Undelivered } from "#worker/journal/journaled.ts";

const Kept = v.object({ ...Undelivered.entries, order: OrderFromJson, keptAt: v.number() });
export type Kept = v.InferOutput<typeof Kept>;

type Options = {
  workDir: string;
  /** For how long, and how many bytes of them all. */
  keepMs: number;
  maxBytes: number;
  now(): number;
  /** Removes what had been uploaded of one that is given up. */
  discard(order: Order, uploads: readonly string[]): Promise<void>;
};

export type KeptOutputs = ReturnType<typeof makeKept>;

/** Outputs that wait on the disk for `retry`, so that nothing is encoded twice. */
export function makeKept({ workDir, keepMs, maxBytes, now, discard }: Options) {
  const root = join(workDir, keptFolder);
  const folderOf = (jobId: string) => join(root, checkedJobId(jobId));

  const read = async (folder: string): Promise<Kept | undefined> => {
    const text = await readIfThere(join(folder, "kept.json"));
    return text === undefined ? undefined : v.parse(Kept, JSON.parse(text));
  };
  const list = async () => {
    const ids = await readdir(root).catch(() => []);
    const kept = await Promise.all(ids.map((id) => read(folderOf(id)).catch(() => undefined)));
    return kept.filter((one) => one !== undefined).sort((a, b) => b.keptAt - a.keptAt);
  };
  // What is just being given up is not taken, nor the other way round.
  const held = new Set<string>();
  const alone = async <T>(jobId: string, work: () => Promise<T>): Promise<T | undefined> => {
    if (held.has(jobId)) return undefined;
    held.add(jobId);
    return await work().finally(() => held.delete(jobId));
  };
  const drop = async (jobId: string) => {
    const kept = await read(folderOf(jobId));
    if (!kept) return;
    await discard(kept.order, kept.uploads);
    await rm(folderOf(jobId), { recursive: true, force: true });
  };
  const giveBack = async (jobId: string, journal: Journal) => {
    const folder = folderOf(jobId);
    await rename(join(folder, "output"), journal.outputDir).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
    await rm(folder, { recursive: true, force: true });
  };
  const take = async (jobId: string, journal: Journal) => {
    const kept = (await read(journal.folder)) ?? (await read(folderOf(jobId)));
    if (!kept) return undefined;
    await writeDurably(join(journal.folder, "kept.json"), JSON.stringify({ ...kept, order: orderToJson(kept.order) }));
    await giveBack(jobId, journal);
    return kept;
  };

  return {
    list,

    /** Moves a job's output aside; false when there is no room for it. */
    async keep(order: Order, journal: Journal, undelivered: Undelivered): Promise<boolean> {
      if (keepMs === 0 || (await bytesIn(journal.outputDir)) > maxBytes) return false;
      const folder = folderOf(order.jobId);
      await mkdir(folder, { recursive: true });
      const kept = { ...undelivered, order: orderToJson(order), keptAt: now() };
      try {
        await writeDurably(join(folder, "kept.json"), JSON.stringify(kept));
        await rename(journal.outputDir, join(folder, "output"));
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
      // A storage that refuses to remove what makes room is asked again by the next sweep.
      await this.sweep().catch(() => {});
      return true;
    },

    /** Moves what is kept of an ended job into the folder of the job that repeats it; after a crash, again. */
    take: (jobId: string, journal: Journal) => alone(jobId, () => take(jobId, journal)),

    /** Undoes the keeping of a job that a crash kept from ending: it goes on with its output where it was. */
    giveBack: (jobId: string, journal: Journal) => alone(jobId, () => giveBack(jobId, journal)),

    has: async (jobId: string) => (await readIfThere(join(folderOf(jobId), "kept.json"))) !== undefined,

    /** Gives up what is too old, and the oldest of what is too much. */
    async sweep() {
      let bytes = 0;
      const failed: unknown[] = [];
      for (const kept of await list()) {
        bytes += await bytesIn(join(folderOf(kept.order.jobId), "output"));
        const { jobId } = kept.order;
        if (now() - kept.keptAt <= keepMs && bytes <= maxBytes) continue;
        await alone(jobId, () => drop(jobId)).catch((error) => failed.push(error));
      }
      if (failed.length > 0) throw failed[0];
    },
  };
}

async function bytesIn(folder: string) {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
