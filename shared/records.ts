import { makeSerial } from "#shared/async/serial.ts";
import type { claimKeyOf } from "#shared/claims.ts";
import { Fault } from "#shared/fault.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { checkedJobId, timeOf } from "#shared/job/id.ts";
import type { Order } from "#shared/job/order.ts";
import { formatRecord, type JobRecord, parseRecord, recordText, type WebhookNote } from "#shared/job/record.ts";
import type { Log } from "#shared/log.ts";
import { type BesideRecord, makeBesideRecord } from "#shared/outcomes/beside-record.ts";
import { dayMs, dayOf, type RecordName } from "#shared/outcomes/day-folders.ts";
import { expireRecords, type Retention } from "#shared/outcomes/expire.ts";
import { markerTime } from "#shared/outcomes/markers.ts";
import { makeRecent } from "#shared/outcomes/recent.ts";
import { removeRecord } from "#shared/outcomes/remove-record.ts";
import { shownLog } from "#shared/outcomes/shown-log.ts";
import { type CompleteEnd, sweepMarkers } from "#shared/outcomes/sweep.ts";
import { makeMarkers } from "#shared/outcomes/write-markers.ts";
import { checkedKey } from "#shared/storage/key.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { watchedStorage } from "#shared/storage/watched.ts";

type Options = {
  storage: Storage;
  prefix: string;
  /** Names the folder of the claims on a key. Default: records do not tell of claims. */
  claimKeyOf?: ReturnType<typeof claimKeyOf> | undefined;
  now?: () => number;
  listWithinMs?: number;
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

type Recorded = BesideRecord & { order: Order; event: JobEvent };

// A worker has 5 seconds to answer with a list.
const usualListMs = 4_500;

/**
 * Jobs remembered in a storage: `<prefix>/<day>/<job id>.json`, and beside it `.log` for the log of a failed one,
 * `.objects.jsonl` for what a completed one has published, and `.intoto.jsonl` for its certificate. What lists read are markers below `<prefix>/outcomes/`.
 */
export function makeRecords({ storage, prefix, claimKeyOf, now = Date.now, listWithinMs = usualListMs }: Options) {
  const root = checkedKey(prefix);
  const beside = makeBesideRecord(storage);
  const markers = makeMarkers({ storage, root });
  const keyOn = (day: string, name: string) => `${root}/${day}/${name}`;
  const today = () => dayOf(now());
  // A write that takes long must not undo one that was asked for after it.
  const writing = makeSerial();

  const dayOfJob = (jobId: string) => {
    const time = timeOf(checkedJobId(jobId));
    return time === undefined ? undefined : dayOf(time);
  };

  const claimOf = ({ tenant = "", idempotencyKey, claimKey }: Order) =>
    idempotencyKey ? claimKeyOf?.({ tenant, idempotencyKey }) : claimKey;

  const readAt = async (day: string, jobId: string, signal: AbortSignal) => {
    const text = await storage.read(keyOn(day, `${jobId}.json`), signal);
    return text === undefined ? undefined : parseRecord(text);
  };

  const find = async (jobId: string, signal: AbortSignal) => {
    const day = dayOfJob(jobId);
    for (const on of day ? [day] : [today(), dayOf(now() - dayMs)]) {
      const record = await readAt(on, jobId, signal);
      if (record) return { day: on, record };
    }
    return undefined;
  };

  const reading = {
    ...{ storage, root, now },
    read: ({ day, jobId }: RecordName, signal: AbortSignal) => readAt(day, jobId, signal),
  };

  const keyOf = async (jobId: string, signal: AbortSignal) =>
    keyOn((await find(jobId, signal))?.day ?? today(), `${jobId}.json`);

  const put = async ({ order, event: { status }, ...more }: Recorded, text: string, signal: AbortSignal) => {
    const { jobId } = order;
    const at = markerTime(checkedJobId(jobId), now());
    const key = keyOn(dayOf(at), `${jobId}.json`);
    await writing.run(jobId, async () => {
      await Promise.all([markers.before(order, status, at, signal), beside.write(key, more, signal)]);
      await storage.write(key, text, headersFor(key), signal);
      await markers.after(order, status, at, signal);
    });
  };

  return {
    /** Whether they lie on a disk of this machine, which other machines may not see. */
    isOnDisk: storage.isOnDisk ?? false,

    /**
     * Keeps the job's order, less its secrets, and an event, in place of those of an earlier call; and beside them, in a file
     * of their own, however many they are, the objects that it has published, where they are known, and its certificate.
     */
    write: ({ order, event, objects, certificate }: Recorded, signal: AbortSignal) =>
      put(
        { order, event, objects, certificate },
        formatRecord(order, event, { objects, claim: claimOf(order) }),
        signal,
      ),

    /** Keeps the final event of a job of which only the record is known. */
    end: (record: JobRecord, event: JobEvent, signal: AbortSignal) =>
      put({ order: record.order, event }, recordText({ ...record, event }), signal),

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
      await storage.write(key, recordText({ ...record, webhook: note }), headersFor(key), signal);
    },

    /** Keeps a log file of the job. */
    async writeLog(jobId: string, file: string, signal: AbortSignal) {
      const key = keyOn(dayOfJob(jobId) ?? today(), `${jobId}.log`);
      const staged = await storage.stage(file, key, headersFor(key), signal);
      await staged.publish(signal);
    },

    /** One whose id does not tell its time is found on the day it was written and on the next. */
    read: async (jobId: string, signal: AbortSignal): Promise<JobRecord | undefined> =>
      (await find(jobId, signal))?.record,

    /** The certificate of a job, as it was signed; undefined when it has none. */
    certificate: async (jobId: string, signal: AbortSignal) => beside.certificate(await keyOf(jobId, signal), signal),

    /** The log of a failed job, as its client may read it; undefined when there is none. */
    async log(jobId: string, signal: AbortSignal) {
      const text = await beside.log(await keyOf(jobId, signal), signal);
      return text === undefined ? undefined : shownLog(text);
    },

    /** The objects that a job has published; undefined when they are not listed, `damaged` when the list cannot be read. */
    objects: async (jobId: string, signal: AbortSignal) => beside.objects(await keyOf(jobId, signal), signal),

    /** Removes what is remembered of an ended job, its record last, so that a crash in between leaves something to repeat. */
    async remove(jobId: string, signal: AbortSignal) {
      const found = await find(jobId, signal);
      if (found) await removeRecord({ storage, root, now }, { ...found, jobId }, signal);
    },

    /** The jobs of the last 31 days, newest first. Records that cannot be read are left out. */
    recent: makeRecent({ ...reading, withinMs: listWithinMs }),

    /**
     * Adds the markers that records of the last 31 days lack, unless a worker has done so today. `complete` records the end
     * of a job whose record does not tell it, and resolves with the final event; undefined while there is none.
     */
    sweep: (by: string, signal: AbortSignal, complete: CompleteEnd = async () => undefined) =>
      sweepMarkers({ ...reading, complete }, by, signal),

    /** Removes what is remembered of jobs that ended long ago, unless a worker does so today. */
    expire: (retention: Retention, signal: AbortSignal) => expireRecords(reading, retention, signal),
  };
}
