import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { makeSemaphore } from "#shared/async/semaphore.ts";
import { fileHash } from "#shared/storage/file-hash.ts";
import type { HeadersFor, ObjectHeaders } from "#shared/storage/object-headers.ts";
import type { Storage } from "#shared/storage/storage.ts";
import type { Step } from "#worker/job/steps.ts";
import type { Journal } from "#worker/journal/journal.ts";
import type { Destination } from "./destination.ts";

type Options = {
  journal: Journal;
  destination: Destination;
  headersFor: HeadersFor;
  /** How many files are uploaded at a time. */
  concurrency: number;
  /** Called with each file before its upload. */
  inspect?: ((path: string) => Promise<unknown>) | undefined;
  /** Whether a delivered file stays on the local disk. */
  stays(name: string): boolean;
  signal: AbortSignal;
  step: Step;
  /** Called after each upload. */
  onDelivered(): void;
  /** What is in the storage already: names and bytes. */
  delivered: readonly (readonly [string, number])[];
};

/** The pause, in milliseconds, after the storage has refused a file during the encode. */
const pauseMs = 5_000;

/** Uploads the segments of an output and what belongs to them, several files at a time, while more are being made. */
export function makeSegmentUploads({
  journal,
  destination,
  headersFor,
  concurrency,
  stays,
  signal,
  step,
  ...before
}: Options) {
  const { storage, keyOf } = destination;
  const semaphore = makeSemaphore(concurrency);
  const begun = new Map<string, Promise<void>>();
  const delivered = new Map(before.delivered);
  let bytesUploaded = [...delivered.values()].reduce((sum, bytes) => sum + bytes, 0);
  let resumeAt = 0;

  const put = async (name: string) => {
    using _permit = await semaphore.acquire();
    signal.throwIfAborted();
    const file = join(journal.outputDir, name);
    const { size } = await stat(file);
    await before.inspect?.(file);
    await step("upload", () => putWhole({ journal, storage }, file, keyOf(name), headersFor(keyOf(name)), signal));
    delivered.set(name, size);
    bytesUploaded += size;
    before.onDelivered();
    if (!stays(name)) await rm(file);
  };
  const begin = (name: string) => {
    const putting = begun.get(name) ?? put(name);
    begun.set(name, putting);
    return putting;
  };

  return {
    /** What is in the storage: names and bytes. The local files are removed unless they are to stay. */
    delivered: delivered as ReadonlyMap<string, number>,
    counts: () => ({ filesUploaded: delivered.size, bytesUploaded }),

    /** Begins to upload finished files. A failure does not stop the encode: the file is offered again. */
    offer(names: readonly string[]) {
      if (performance.now() < resumeAt) return;
      for (const name of names.filter((name) => !begun.has(name))) {
        begin(name).catch(() => {
          begun.delete(name);
          resumeAt = performance.now() + pauseMs;
        });
      }
    },
    /** Resolves when all of these are delivered. */
    finish: (names: readonly string[]) => Promise.all(names.filter((name) => !delivered.has(name)).map(begin)),
    /** Waits for the uploads that have begun. */
    settle: () => Promise.allSettled(begun.values()),
  };
}

/** Uploads one file and publishes it at once. Meanwhile it is hashed, while the system still has it in memory. */
export async function putWhole(
  { journal, storage }: { journal: Journal; storage: Storage },
  file: string,
  key: string,
  headers: ObjectHeaders,
  signal: AbortSignal,
) {
  await journal.uploading(key);
  await journal.staging(file, key);
  const hashing = fileHash(file, signal);
  // Awaited below, unless the upload fails before.
  hashing.catch(() => {});
  const { size: bytes } = await stat(file);
  const staged = await storage.stage(file, key, headers, signal);
  await staged.publish(signal);
  await journal.uploaded([{ key, bytes, sha256: await hashing }]);
}

/** The files of an output that are on the local disk, without those that are still being written and certificates. */
export async function filesIn(dir: string) {
  const entries = await readdir(dir, { withFileTypes: true });
  // Links are ignored: ffmpeg makes none, and one that a hostile source made it leave may lead out of the sandbox.
  return entries
    .filter((entry) => entry.isFile() && !/\.(tmp|intoto\.jsonl)$/.test(entry.name))
    .map(({ name }) => name)
    .sort();
}
