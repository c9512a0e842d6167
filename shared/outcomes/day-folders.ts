import { timeOf } from "#shared/job/id.ts";
import type { JobRecord } from "#shared/job/record.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { idsNewestFirst } from "./markers.ts";

export const dayMs = 86_400_000;
/** How many days a list goes back. */
export const daysBack = 31;

/** The UTC day of a time in Unix milliseconds, as `2026-01-31`. */
export const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** The name of a record: its day and its job. */
export type RecordName = { day: string; jobId: string };

/** Where the records are, and how one is read. */
export type RecordFolder = {
  storage: Storage;
  root: string;
  read(name: RecordName, signal: AbortSignal): Promise<JobRecord | undefined>;
  now(): number;
};

/** The ids of the jobs that have a record in the folder of a day, newest first. */
export async function idsOn(storage: Pick<Storage, "list">, folder: string, signal: AbortSignal): Promise<string[]> {
  const names = (await Array.fromAsync(storage.list(folder, signal))).map((key) => key.slice(folder.length));
  return names.flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -5)] : [])).sort(idsNewestFirst);
}

type Where = { storage: Pick<Storage, "list">; root: string };

/**
 * The records of the days up to `newest`, newest first, found by listing the folders of days. It costs a request for
 * each thousand records of a day, but finds those that a former version wrote without markers.
 */
export async function* recordsByDay(
  { storage, root }: Where,
  { newest, before, since = 0 }: { newest: number; before: string | undefined; since?: number | undefined },
  signal: AbortSignal,
): AsyncGenerator<RecordName, void> {
  const days = Array.from({ length: daysBack }, (_, age) => newest - age * dayMs)
    .map(dayOf)
    .filter((day) => day >= dayOf(since));
  const after = cursor(before);
  // Two days most often are enough; more and more are asked for together when they are not.
  for (let from = 0, count = 2; from < days.length; from += count, count *= 2) {
    const asked = days.slice(from, from + count);
    const listed = await Promise.all(asked.map((day) => idsOn(storage, `${root}/${day}/`, signal)));
    for (const [index, day] of asked.entries()) yield* after(listed[index] ?? []).map((jobId) => ({ day, jobId }));
  }
}

/** Of the ids of each day, asked for newest day first, those that follow the one given. */
function cursor(before: string | undefined) {
  let isPassed = false;
  return (ids: readonly string[]) => {
    if (isPassed || before === undefined) return ids;
    // An id that does not tell its time belongs to the day that has it.
    isPassed = timeOf(before) !== undefined || ids.includes(before);
    return isPassed ? ids.filter((id) => idsNewestFirst(before, id) < 0) : [];
  };
}
