import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { Fault } from "#shared/fault.ts";
import { checkedJobId } from "#shared/job/id.ts";
import { type Order, OrderFromJson, orderToJson } from "#shared/job/order.ts";
import { ignoreMissing, readIfThere, writeDurably } from "#worker/journal/durable.ts";
import { type Journal, retainedFolder } from "#worker/journal/journal.ts";
import { Undelivered } from "#worker/journal/journaled.ts";

const RetainedOutput = v.object({ ...Undelivered.entries, order: OrderFromJson, keptAt: v.number() });
export type RetainedOutput = v.InferOutput<typeof RetainedOutput>;

type Options = {
  workDir: string;
  /** How long an output is retained, in milliseconds; 0 retains nothing. */
  maxAgeMs: number;
  /** How many bytes all retained outputs may take together. */
  maxBytes: number;
  now(): number;
  /** Removes from the storage what had been uploaded of an output that is discarded. */
  removeUploads(order: Order, uploads: readonly string[]): Promise<void>;
};

export type RetainedOutputs = ReturnType<typeof makeRetainedOutputs>;

/** Encoded outputs whose delivery failed. They stay on the disk for a retry, so that nothing is encoded twice. */
export function makeRetainedOutputs({ workDir, maxAgeMs, maxBytes, now, removeUploads }: Options) {
  const root = join(workDir, retainedFolder);
  const folderOf = (jobId: string) => join(root, checkedJobId(jobId));

  const read = async (folder: string): Promise<RetainedOutput | undefined> => {
    const text = await readIfThere(join(folder, "kept.json"));
    return text === undefined ? undefined : v.parse(RetainedOutput, JSON.parse(text));
  };
  const write = (folder: string, retained: RetainedOutput) =>
    writeDurably(join(folder, "kept.json"), JSON.stringify({ ...retained, order: orderToJson(retained.order) }));
  const list = async () => {
    const ids = await readdir(root).catch(() => []);
    const retained = await Promise.all(ids.map((id) => read(folderOf(id)).catch(() => undefined)));
    return retained.filter((one) => one !== undefined).sort((a, b) => b.keptAt - a.keptAt);
  };
  // An output that is being discarded cannot be taken at the same time, nor the other way round.
  const inUse = new Set<string>();
  const exclusively = async <T>(jobId: string, work: () => Promise<T>): Promise<T | undefined> => {
    if (inUse.has(jobId)) return undefined;
    inUse.add(jobId);
    return await work().finally(() => inUse.delete(jobId));
  };
  const discard = async (jobId: string) => {
    const retained = await read(folderOf(jobId));
    if (!retained) return;
    await removeUploads(retained.order, retained.uploads);
    await rm(folderOf(jobId), { recursive: true, force: true });
  };
  const restore = async (jobId: string, journal: Journal) => {
    const folder = folderOf(jobId);
    await rename(join(folder, "output"), journal.outputDir).catch(ignoreMissing);
    await rm(folder, { recursive: true, force: true });
  };
  const take = async (jobId: string, journal: Journal) => {
    const retained = (await read(journal.folder)) ?? (await read(folderOf(jobId)));
    if (!retained) return undefined;
    await write(journal.folder, retained);
    await restore(jobId, journal);
    return retained;
  };

  return {
    list,

    /** Moves a job's output into the folder of retained outputs; false when outputs are not retained or it is too large. */
    async retain(order: Order, journal: Journal, undelivered: Undelivered): Promise<boolean> {
      if (maxAgeMs === 0 || (await bytesIn(journal.outputDir)) > maxBytes) return false;
      const folder = folderOf(order.jobId);
      await mkdir(folder, { recursive: true });
      try {
        await write(folder, { ...undelivered, order, keptAt: now() });
        await rename(journal.outputDir, join(folder, "output"));
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
      // If the storage refuses to remove the uploads of an older output, the next sweep asks again.
      await this.sweep().catch(() => {});
      return true;
    },

    /** Moves the retained output of an ended job to the job that retries it. Safe to repeat after a crash. */
    take: (jobId: string, journal: Journal) => exclusively(jobId, () => take(jobId, journal)),

    /** Moves a retained output back to its own job, whose end a crash prevented: that job goes on with it. */
    restore: (jobId: string, journal: Journal) => exclusively(jobId, () => restore(jobId, journal)),

    has: async (jobId: string) => (await readIfThere(join(folderOf(jobId), "kept.json"))) !== undefined,

    /** Discards the output of a job, if it is retained. Throws `conflict` while a retry is taking it. */
    async discard(jobId: string) {
      const discarding = exclusively(jobId, async () => {
        await discard(jobId);
        return true;
      });
      if (!(await discarding)) throw new Fault("conflict", "the job's output is just being delivered again; try again");
    },

    /** Discards the outputs that are too old, and the oldest ones while all together take too many bytes. */
    async sweep() {
      let bytes = 0;
      const failed: unknown[] = [];
      for (const retained of await list()) {
        bytes += await bytesIn(join(folderOf(retained.order.jobId), "output"));
        const { jobId } = retained.order;
        if (now() - retained.keptAt <= maxAgeMs && bytes <= maxBytes) continue;
        await exclusively(jobId, () => discard(jobId)).catch((error) => failed.push(error));
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
