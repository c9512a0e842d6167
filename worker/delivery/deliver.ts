import { stat } from "node:fs/promises";
import { join } from "node:path";
import { together } from "#shared/async/together.ts";
import { Fault } from "#shared/fault.ts";
import { type Facts, factsFromJson, factsToJson } from "#shared/job/facts.ts";
import type { Order } from "#shared/job/order.ts";
import type { PublishedObject } from "#shared/job/published-object.ts";
import { fileHash } from "#shared/storage/file-hash.ts";
import type { Staged } from "#shared/storage/storage.ts";
import { publishedFacts } from "#worker/facts/published.ts";
import { ignoreMissing } from "#worker/journal/durable.ts";
import type { Publishing } from "#worker/journal/journaled.ts";
import { certificateFile, uncertified } from "./certificate-file.ts";
import { checkConfirmed } from "./check-confirmed.ts";
import type { Destination } from "./destination.ts";
import { removeAll } from "./leftovers.ts";
import { objectOf, objectsOf } from "./published-objects.ts";
import { type Delivery, discardAll, mostTogether, stageAll, total } from "./stage.ts";

type Put = Publishing["puts"][number];

/** What has been uploaded of an output before its last files, those that make it visible. */
export type AlreadyUploaded = {
  /** The keys of the files that were uploaded. */
  keys: readonly string[];
  /** How many bytes they have. */
  bytes: number;
  /** Keys of earlier attempts that are removed once the output is visible. */
  stale: readonly string[];
  /** What viewers of the output may miss, for the final event. */
  warnings: readonly string[];
  /** What is known of source and output, for the final event. */
  facts: Facts;
  /** Signs a certificate; undefined: there is to be none. */
  certify?: Certify | undefined;
};

/** Signs the certificate of an output that consists of these objects, and of which this is known. */
export type Certify = (objects: readonly PublishedObject[], facts: ReturnType<typeof factsToJson>) => string;

/**
 * Publishes an output: stages the files that make it visible, passes the commit point, and makes them visible one after
 * the other. If it fails before the commit point, nothing is left of them.
 */
export async function publish(
  delivery: Delivery,
  { keyOf, checkFree }: Destination,
  names: readonly string[],
  uploaded: AlreadyUploaded,
) {
  const { job, storage } = delivery;
  const files = await Promise.all(
    names.map(async (name): Promise<Put> => {
      const path = join(job.journal.outputDir, name);
      return { name, key: keyOf(name), bytes: (await stat(path)).size, sha256: await fileHash(path, job.signal) };
    }),
  );
  const known = await objectsOf(job.journal, files, uploaded);
  const entryKey = files.at(-1)?.key ?? "";
  const published = countsOf(known) ?? {
    files: uploaded.keys.length + files.length,
    bytes: uploaded.bytes + total(files),
  };
  const facts = factsToJson(publishedFacts(uploaded.facts, { keyOf, entryKey, ...published }));
  const certificate = known && uploaded.certify?.(known, facts);
  const beside =
    certificate !== undefined && job.order.output.certificate ? [await certificateFile(job, certificate)] : [];
  const puts = [...beside, ...files];
  const objects = known && [...known, ...beside.map(objectOf)];
  const warnings = [...uploaded.warnings, ...uncertified(job.order, certificate)];
  const publishing: Publishing = {
    puts,
    url: storage.urlOf(entryKey),
    files: published.files + beside.length,
    bytes: published.bytes + total(beside),
    stale: [...uploaded.stale],
    ...(objects && { objects }),
    ...(warnings.length > 0 && { warnings }),
    ...(certificate !== undefined && { certificate }),
    facts,
    ...(job.undelivered && { undelivered: await job.undelivered() }),
  };
  const staged = await job.step("stage", () => stageAll(delivery, publishing, job.signal));
  try {
    await checkFree(await job.journal.uploads(), job.signal);
    await job.step("commit", () => job.commit(publishing));
  } catch (error) {
    await discardAll(staged);
    throw error;
  }
  await show(delivery, publishing, staged);
  return completed(job.order, publishing);
}

/** Publishes exactly what was journaled before a crash. */
export async function publishAgain(delivery: Delivery, publishing: Publishing) {
  const { job } = delivery;
  const { undelivered } = publishing;
  for (const { name, sha256: expected } of publishing.puts) {
    const actual = await fileHash(join(job.journal.outputDir, name), job.stopSignal).catch(ignoreMissing);
    if (actual !== expected) throw new Fault("delivery_failed", `the encoded file ${name} was lost before delivery`);
  }
  if (undelivered) job.setUndelivered(async () => undelivered);
  const staged = await job.step("stage", () => stageAll(delivery, publishing, job.stopSignal));
  await show(delivery, publishing, staged);
  return completed(job.order, publishing);
}

async function show({ job, storage }: Delivery, { puts, stale, undelivered }: Publishing, staged: readonly Staged[]) {
  const { order, stopSignal, step } = job;
  const isSingle = order.output.type === "single";
  // The storage confirmed the media when they were uploaded; whether it has what a player opens is checked again.
  const opened = isSingle ? puts : puts.slice(-1);
  const pairs = staged.flatMap((one, at) => (puts[at] ? [{ one, put: puts[at] }] : []));
  const shown = new Set<Staged>();
  const showOne = async ({ one, put }: (typeof pairs)[number]) => {
    const isOpened = opened.includes(put);
    if (isOpened && (isSingle || order.output.overwrite)) await one.remember?.(stopSignal);
    await step("publish", () => one.publish(stopSignal));
    if (isOpened) await checkConfirmed(storage, one, put.key, stopSignal);
    shown.add(one);
  };
  // What entries name is shown together; then the entries one after the other, the one that players open last.
  const named = isSingle ? [] : pairs.filter(({ put }) => undelivered?.entries.includes(put.name) === false);
  try {
    await together(mostTogether, named, showOne);
    for (const pair of pairs) if (!shown.has(pair.one)) await showOne(pair);
  } catch (error) {
    // A drain leaves everything as it is: the next process repeats what was journaled.
    if (stopSignal.aborted) throw error;
    await discardAll(staged.filter((one) => !shown.has(one)));
    await removeAll(
      storage,
      pairs.flatMap(({ one, put }) => (shown.has(one) ? put.key : [])),
    ).catch(() => {});
    throw error;
  }
  // No entry names these files any more: that they cannot be removed is no reason to fail.
  await removeAll(storage, stale).catch(() => {});
}

/** All that is published, the key of an encrypted output included. */
const countsOf = (known: readonly PublishedObject[] | undefined) =>
  known && { files: known.length, bytes: total(known) };

export const completed = (
  { jobId, output }: Pick<Order, "jobId" | "output">,
  { files, bytes, url, warnings, facts, certificate }: Omit<Publishing, "puts" | "stale" | "objects" | "undelivered">,
) => ({
  status: "completed" as const,
  progress: 100,
  message: "Published",
  filesUploaded: files,
  filesTotal: files,
  bytesUploaded: bytes,
  outputUrl: url,
  outputType: output.type,
  ...(warnings && { warnings }),
  ...(facts && factsFromJson(facts)),
  ...(certificate !== undefined && { certificateUrl: `/api/v1/jobs/${jobId}/certificate` }),
});
