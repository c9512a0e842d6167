import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Fault } from "#shared/fault.ts";
import type { Order } from "#shared/job/order.ts";
import { aboutFile } from "#shared/storage/about.ts";
import type { Staged, Storage } from "#shared/storage/storage.ts";
import type { Job } from "./job.ts";
import type { Publishing } from "./journal.ts";
import type { Reporter } from "./reporter.ts";
import { keyOf } from "./storage-of.ts";

type Put = Publishing["puts"][number];

/** An output that is uploaded, and of which only the last step is left: to be shown. */
export type Delivery = {
  /** The commit point, and what follows it: the files appear in the order given. Resolves to what there is to say. */
  publish(): Promise<ReturnType<typeof completed>>;
};

/** Uploads an output without showing it. When it fails or is aborted, nothing is left of it. */
export async function deliver(
  job: Job,
  reporter: Reporter,
  storage: Storage,
  { names, entry }: { names: readonly string[]; entry: string },
): Promise<Delivery> {
  const { order, journal, signal } = job;
  const puts = await Promise.all(
    names.map(async (name): Promise<Put> => {
      const path = join(journal.outputDir, name);
      return { name, key: keyOf(order, name), bytes: (await stat(path)).size, sha256: await sha256(path, signal) };
    }),
  );
  const staged = await stageAll(job, reporter, storage, puts, signal);
  return {
    async publish() {
      try {
        await job.commit({ puts, entry });
      } catch (error) {
        await discardAll(staged);
        throw error;
      }
      await publishAll(job, storage, puts, staged);
      return completed(order, puts, storage.urlOf(keyOf(order, entry)));
    },
  };
}

/** Shows exactly what was journaled before a crash. */
export async function redeliver(job: Job, reporter: Reporter, storage: Storage, { puts, entry }: Publishing) {
  const { order, journal, stopSignal } = job;
  for (const { name, sha256: expected } of puts) {
    const actual = await sha256(join(journal.outputDir, name), stopSignal).catch(() => undefined);
    if (actual !== expected) throw new Fault("delivery_failed", `the encoded file ${name} was lost before delivery`);
  }
  const staged = await stageAll(job, reporter, storage, puts, stopSignal);
  await publishAll(job, storage, puts, staged);
  return completed(order, puts, storage.urlOf(keyOf(order, entry)));
}

const completed = ({ output }: Order, puts: readonly Put[], outputUrl: string) => ({
  status: "completed" as const,
  progress: 100,
  message: "Published",
  filesUploaded: puts.length,
  filesTotal: puts.length,
  bytesUploaded: puts.reduce((sum, { bytes }) => sum + bytes, 0),
  outputUrl,
  outputType: output.type,
});

async function stageAll(
  { order, journal }: Job,
  { say }: Reporter,
  storage: Storage,
  puts: readonly Put[],
  signal: AbortSignal,
): Promise<Staged[]> {
  const staged: Staged[] = [];
  let bytesUploaded = 0;
  const tell = (bytes: number) => {
    bytesUploaded += bytes;
    const counts = { filesUploaded: staged.length, filesTotal: puts.length, bytesUploaded };
    say({
      status: "uploading",
      message: `Uploading file ${Math.min(staged.length + 1, puts.length)}/${puts.length}`,
      ...counts,
    });
  };
  tell(0);
  try {
    for (const { name, key } of puts) {
      const about = aboutFile(key, order.output.metadata);
      staged.push(await storage.stage(join(journal.outputDir, name), key, about, signal, tell));
    }
    return staged;
  } catch (error) {
    await discardAll(staged);
    throw error;
  }
}

async function publishAll({ stopSignal }: Job, storage: Storage, puts: readonly Put[], staged: readonly Staged[]) {
  let shown = 0;
  try {
    for (const one of staged) {
      await one.publish(stopSignal);
      shown += 1;
    }
  } catch (error) {
    // A drain leaves all as it is: what was journaled will be repeated.
    if (stopSignal.aborted) throw error;
    await discardAll(staged.slice(shown));
    await Promise.allSettled(puts.slice(0, shown).map(({ key }) => storage.remove(key, stopSignal)));
    throw error;
  }
}

const discardAll = (staged: readonly Staged[]) => Promise.allSettled(staged.map((one) => one.discard()));

async function sha256(path: string, signal: AbortSignal) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash, { signal });
  return hash.digest("hex");
}
