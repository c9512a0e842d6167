import { take } from "#shared/async/take.ts";
import { isJobId } from "#shared/job/id.ts";
import { isFinal } from "#shared/job/status.ts";
import { createOnce } from "./create-once.ts";
import { dayOf, type RecordFolder, type RecordName } from "./day-folders.ts";
import { removeRecord } from "./remove-record.ts";

/** Who removes records, and how long after the end of their jobs they are kept, in milliseconds. */
export type Retention = { by: string; keptMs: number };

const atOnce = 8;
const tidyTimeoutMs = 10_000;

/**
 * Removes what is remembered of jobs that ended longer ago than records are kept. Of all workers one does so a day; resolves
 * with how many it has removed, or undefined when another does it. Jobs that have not ended stay, as do outputs and the
 * claims on paths.
 */
export async function expireRecords(options: RecordFolder, { by, keptMs }: Retention, signal: AbortSignal) {
  const { storage, root, now } = options;
  const claimed = `${root}/outcomes/expired/${dayOf(now())}`;
  if (!(await createOnce(storage, claimed, by, signal))) return undefined;
  try {
    const before = now() - keptMs;
    await removeOldClaims(options, before, signal);
    return await removeEnded(options, before, signal);
  } catch (error) {
    // Another may go on today.
    await storage.remove(claimed, AbortSignal.timeout(tidyTimeoutMs)).catch(() => {});
    throw error;
  }
}

async function removeEnded(options: RecordFolder, before: number, signal: AbortSignal): Promise<number> {
  const jobs = jobsUntil(options, dayOf(before), signal);
  for (let removed = 0; ; ) {
    const batch = await take(jobs, atOnce);
    if (batch.length === 0) return removed;
    for (const outcome of await Promise.allSettled(batch.map((job) => removeIfEnded(options, job, before, signal)))) {
      if (outcome.status === "rejected") throw outcome.reason;
      removed += Number(outcome.value);
    }
  }
}

/** A job's keys in the folder of a day. */
type Remembered = RecordName & { keys: string[] };

async function removeIfEnded(
  options: RecordFolder,
  { keys, ...name }: Remembered,
  before: number,
  signal: AbortSignal,
) {
  const record = await options.read(name, signal);
  if (record?.order.jobId !== name.jobId || !isFinal(record.event.status)) return false;
  if (!(Date.parse(record.event.timestamp) < before)) return false;
  await removeRecord(options, { ...name, record }, signal, keys);
  return true;
}

/** The jobs in the folders of the days up to this one, the oldest first. */
async function* jobsUntil(
  { storage, root }: RecordFolder,
  day: string,
  signal: AbortSignal,
): AsyncGenerator<Remembered> {
  let current: Remembered | undefined;
  for await (const key of storage.list(`${root}/`, signal, { after: `${root}/`, limit: Number.POSITIVE_INFINITY })) {
    const name = key.slice(root.length + 1);
    // The folders of days sort before all others.
    if (name.slice(0, day.length) > day) break;
    const [, on = "", jobId = ""] = /^(\d{4}-\d{2}-\d{2})\/([^./]+)\.[^/]+$/.exec(name) ?? [];
    if (!isJobId(jobId)) continue;
    if (current?.day === on && current.jobId === jobId) {
      current.keys.push(key);
      continue;
    }
    if (current) yield current;
    current = { day: on, jobId, keys: [key] };
  }
  if (current) yield current;
}

/** Removes the claims of who swept on days that are long over. */
async function removeOldClaims({ storage, root }: RecordFolder, before: number, signal: AbortSignal) {
  for (const folder of [`${root}/outcomes/swept/`, `${root}/outcomes/expired/`])
    for (const key of await Array.fromAsync(storage.list(folder, signal)))
      if (key.slice(folder.length) < dayOf(before)) await storage.remove(key, signal);
}
