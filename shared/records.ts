import { makeSerial } from "#shared/async/serial.ts";
import { Fault } from "#shared/fault.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { checkedJobId, newestFirst, timeOf } from "#shared/job/id.ts";
import type { Order } from "#shared/job/order.ts";
import { formatNoted, formatRecord, type JobRecord, parseRecord, type WebhookNote } from "#shared/job/record.ts";
import type { JobStatus } from "#shared/job/status.ts";
import type { Log } from "#shared/log.ts";
import { checkedKey } from "#shared/storage/key.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { watchedStorage } from "#shared/storage/watched.ts";

type Options = { storage: Storage; prefix: string; now?: () => number };

/** Which jobs a list holds, newest first. */
export type JobQuery = {
  /** At most this many. */
  limit: number;
  /** Only jobs in this state; absent: in any. */
  status?: JobStatus | undefined;
  /** Only jobs older than the job of this id. */
  before?: string | undefined;
  /** Only jobs of this tenant, where the empty name stands for orders without one; absent: of all tenants. */
  tenant?: string | undefined;
};

export type Records = ReturnType<typeof makeRecords>;

/** Part of an answer that is missing, and why, in words. */
export type Missing = {
  /** What is missing. */
  part: string;
  /** Why, in words for people. */
  reason: string;
};

const setting = "RECORD_STORAGE";

/** The storage that remembers jobs: its faults name it, and this is what they have in common. */
export const watchedRecords = (storage: Storage, log: Log) => watchedStorage(storage, { setting, log });

/** What is wrong with the storage of records, if that is what a fault is about. */
export const recordsProblem = (error: unknown): string | undefined =>
  error instanceof Fault && error.kind === "delivery_failed"
    ? error.fields.find(({ field }) => field === setting)?.message
    : undefined;

const dayMs = 86_400_000;
const daysBack = 31;
const readAtOnce = 8;

/** Jobs remembered in a storage: `<prefix>/<day>/<job id>.json`, and beside it `.log` for the log of a failed one. */
export function makeRecords({ storage, prefix, now = Date.now }: Options) {
  const root = checkedKey(prefix);
  const keyOn = (day: string, name: string) => `${root}/${day}/${name}`;
  const today = () => dayOf(now());
  // A write that takes long must not undo one that was asked for after it.
  const writing = makeSerial();

  const dayOfJob = (jobId: string) => {
    const time = timeOf(checkedJobId(jobId));
    return time === undefined ? undefined : dayOf(time);
  };

  const readAt = async (day: string, jobId: string, signal: AbortSignal) => {
    const text = await storage.read(keyOn(day, `${jobId}.json`), signal);
    return text === undefined ? undefined : parseRecord(text);
  };

  const idsOn = async (day: string, signal: AbortSignal) => {
    const prefix = keyOn(day, "");
    const names = (await Array.fromAsync(storage.list(prefix, signal))).map((key) => key.slice(prefix.length));
    return names.flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -5)] : [])).sort(idsNewestFirst);
  };

  async function* idsByDay(before: string | undefined, signal: AbortSignal) {
    // From a day ahead of the clock on, for workers whose clocks are.
    const newest = Math.min(now() + dayMs, (before && timeOf(before)) || Number.POSITIVE_INFINITY);
    const days = Array.from({ length: daysBack }, (_, age) => dayOf(newest - age * dayMs));
    const after = cursor(before);
    // Two days most often are enough; more and more are asked for together when they are not.
    for (let from = 0, count = 2; from < days.length; from += count, count *= 2) {
      const asked = days.slice(from, from + count);
      const listed = await Promise.all(asked.map((day) => idsOn(day, signal)));
      for (const [index, day] of asked.entries()) yield { day, ids: after(listed[index] ?? []) };
    }
  }

  /** Those that cannot be read hide no others, unless none can be: then the storage is not well. */
  async function* recordsAfter(before: string | undefined, signal: AbortSignal) {
    let [isAnyRead, failure]: [boolean, unknown] = [false, undefined];
    for await (const { day, ids } of idsByDay(before, signal)) {
      for (let from = 0; from < ids.length; from += readAtOnce) {
        const some = ids.slice(from, from + readAtOnce);
        const outcomes = await Promise.allSettled(some.map((jobId) => readAt(day, jobId, signal)));
        signal.throwIfAborted();
        const read = outcomes.filter((outcome) => outcome.status === "fulfilled");
        isAnyRead ||= read.length > 0;
        failure ??= outcomes.find((outcome) => outcome.status === "rejected")?.reason;
        yield* read.map(({ value }) => value).filter((record) => record !== undefined);
      }
    }
    if (failure && !isAnyRead) throw failure;
  }

  return {
    /** Keeps the job's order, less its secrets, and an event, in place of those of an earlier call. */
    async write({ order, event }: { order: Order; event: JobEvent }, signal: AbortSignal) {
      const { jobId } = order;
      const key = keyOn(dayOfJob(jobId) ?? today(), `${jobId}.json`);
      await writing.run(jobId, () => storage.write(key, formatRecord(order, event), headersFor(key), signal));
    },

    /** Says in a job's record what became of a webhook, if it was that of the job's last event. */
    async noteWebhook(
      { jobId, sequence }: { jobId: string; sequence: number },
      note: WebhookNote,
      signal: AbortSignal,
    ) {
      const day = dayOfJob(jobId) ?? today();
      const record = await readAt(day, jobId, signal);
      if (record?.event.sequence !== sequence) return;
      const key = keyOn(day, `${jobId}.json`);
      await storage.write(key, formatNoted(record, note), headersFor(key), signal);
    },

    /** Keeps a log file of the job. */
    async writeLog(jobId: string, file: string, signal: AbortSignal) {
      const key = keyOn(dayOfJob(jobId) ?? today(), `${jobId}.log`);
      const staged = await storage.stage(file, key, headersFor(key), signal);
      await staged.publish(signal);
    },

    /** One whose id does not tell its time is found on the day it was written and on the next. */
    async read(jobId: string, signal: AbortSignal): Promise<JobRecord | undefined> {
      const day = dayOfJob(jobId);
      if (day) return await readAt(day, jobId, signal);
      return (await readAt(today(), jobId, signal)) ?? (await readAt(dayOf(now() - dayMs), jobId, signal));
    },

    /** The jobs of the last 31 days, newest first. Records that cannot be read are left out. */
    async recent({ limit, before, status, tenant }: JobQuery, signal: AbortSignal): Promise<JobRecord[]> {
      const found: JobRecord[] = [];
      for await (const record of recordsAfter(before, signal)) {
        if ((!status || record.event.status === status) && isOf(tenant, record.order)) found.push(record);
        if (found.length >= limit) break;
      }
      return found;
    },
  };
}

/** Whether an order is of a tenant; one that names none is of the empty one, and every order is of `undefined`. */
export const isOf = (tenant: string | undefined, order: Pick<Order, "tenant">) =>
  tenant === undefined || (order.tenant ?? "") === tenant;

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

// Ids that are not ours may be alike to `newestFirst`.
const idsNewestFirst = (a: string, b: string) => newestFirst(a, b) || (a < b ? 1 : a > b ? -1 : 0);

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
