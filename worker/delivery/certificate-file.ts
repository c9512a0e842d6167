import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { certificateKey, certificateName } from "#shared/certificate/subjects.ts";
import type { Order } from "#shared/job/order.ts";
import { fileHash } from "#shared/storage/file-hash.ts";
import type { Job } from "#worker/job/job.ts";
import type { Publishing } from "#worker/journal/journaled.ts";

/** Writes a certificate to the output directory, to be shown with the output that it is of. */
export async function certificateFile(
  { order, journal, signal }: Pick<Job, "order" | "journal" | "signal">,
  text: string,
): Promise<Publishing["puts"][number]> {
  const name = certificateName(order.jobId);
  const path = join(journal.outputDir, name);
  await writeFile(path, text);
  return { name, key: certificateKey(order), bytes: Buffer.byteLength(text), sha256: await fileHash(path, signal) };
}

/** What to tell of an output that was to have a certificate beside it and has none. */
export const uncertified = ({ output }: Pick<Order, "output">, certificate: string | undefined): string[] =>
  output.certificate && certificate === undefined
    ? ["there is no certificate: the worker has no SIGNING_KEY any more, or a former version encoded this output"]
    : [];
