import type { Records } from "#shared/records.ts";
import { orderToMessage } from "#shared/rpc/order-message.ts";
import type { RecentRecords } from "./list.ts";
import type { ReadRecord } from "./lookup.ts";
import type { ReadRecordTexts } from "./record-texts.ts";

const readTimeoutMs = 10_000;

/** Reads jobs from the storage of records. */
export const recordReader = (
  records: Records,
): { readRecord: ReadRecord; recentRecords: RecentRecords } & ReadRecordTexts => ({
  async readRecord(jobId) {
    const record = await records.read(jobId, AbortSignal.timeout(readTimeoutMs));
    return record && { ...record, order: orderToMessage(record.order), holder: undefined, kept: false };
  },
  readCertificate: (jobId) => records.certificate(jobId, AbortSignal.timeout(readTimeoutMs)),
  readLog: (jobId) => records.log(jobId, AbortSignal.timeout(readTimeoutMs)),
  async recentRecords(query) {
    const { jobs, next, failure } = await records.recent(query, AbortSignal.timeout(readTimeoutMs));
    return { jobs: jobs.map(({ event, order }) => ({ event, order: orderToMessage(order) })), next, failure };
  },
});
