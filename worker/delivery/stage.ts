import { join } from "node:path";
import { together } from "#shared/async/together.ts";
import type { HeadersFor } from "#shared/storage/object-headers.ts";
import type { Staged, Storage } from "#shared/storage/storage.ts";
import type { Job } from "#worker/job/job.ts";
import type { Reporter } from "#worker/job/reporter.ts";
import type { Publishing } from "#worker/journal/journaled.ts";

/** A job's delivery to a storage. */
export type Delivery = { job: Job; reporter: Reporter; storage: Storage; headersFor: HeadersFor };

/** How many of the files that make an output visible are staged or shown at a time. */
export const mostTogether = 4;

/** Stages the files that make an output visible, in their order. If one fails, nothing is left of them. */
export async function stageAll(
  { job: { order, journal }, reporter: { report }, storage, headersFor }: Delivery,
  { puts, files, bytes }: Publishing,
  signal: AbortSignal,
): Promise<Staged[]> {
  const done: Staged[] = [];
  const delivered = files - puts.length;
  let bytesUploaded = bytes - total(puts);
  const reportBytes = (bytes: number) => {
    bytesUploaded += bytes;
    const filesUploaded = delivered + done.length;
    const message = `Uploading file ${Math.min(filesUploaded + 1, files)}/${files}`;
    report({ status: "uploading", message, filesUploaded, filesTotal: files, bytesUploaded });
  };
  reportBytes(0);
  try {
    return await together(mostTogether, puts, async (put) => {
      signal.throwIfAborted();
      const headers = put === puts.at(-1) ? headersFor(put.key, order.output.metadata) : headersFor(put.key);
      const file = join(journal.outputDir, put.name);
      await journal.staging(file, put.key);
      const one = await storage.stage(file, put.key, headers, signal, reportBytes);
      done.push(one);
      return one;
    });
  } catch (error) {
    await discardAll(done);
    throw error;
  }
}

export const total = (puts: readonly { bytes: number }[]) => puts.reduce((sum, { bytes }) => sum + bytes, 0);

export const discardAll = (staged: readonly Staged[]) => Promise.allSettled(staged.map((one) => one.discard()));
