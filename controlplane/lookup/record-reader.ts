import type { Records } from "#shared/records.ts";
import { orderToMessage } from "#shared/rpc/order-message.ts";
import type { WatchedStorage } from "#shared/storage/watched.ts";
import type { RecentRecords } from "./list.ts";
import type { ReadRecord } from "./lookup.ts";

const readTimeoutMs = 10_000;
const lookEveryMs = 30_000;

/** How the storage of records is that this control plane has itself. */
export type RecordsHealth = {
  /** What is wrong with it, beginning with its name; undefined when nothing is, as far as is known. */
  trouble(): string | undefined;
  /** Its name and place; undefined when there is none. */
  place: string | undefined;
  /** Asks it something in the background, unless it was heard of lately. */
  look(): void;
};

export const noRecords: RecordsHealth = { trouble: () => undefined, place: undefined, look() {} };

export function recordsHealth({ storage, trouble, heardAt }: WatchedStorage, prefix: string): RecordsHealth {
  let lookedAt = Number.NEGATIVE_INFINITY;
  const look = () => storage.read(`${prefix}/look.json`, AbortSignal.timeout(readTimeoutMs));
  return {
    trouble,
    place: storage.place,
    look() {
      if (Date.now() - Math.max(lookedAt, heardAt()) < (trouble() ? 0 : lookEveryMs)) return;
      lookedAt = Date.now();
      // What comes of it is noted where it is asked.
      look().catch(() => {});
    },
  };
}

/** What a control plane reads in the storage that remembers jobs. */
export const recordReader = (records: Records): { readRecord: ReadRecord; recentRecords: RecentRecords } => ({
  async readRecord(jobId) {
    const record = await records.read(jobId, AbortSignal.timeout(readTimeoutMs));
    if (!record) return undefined;
    const { event, order, sourceRedacted: isSourceRedacted, callbackRedacted: isCallbackRedacted } = record;
    return {
      event,
      order: orderToMessage(order),
      isSourceRedacted,
      isCallbackRedacted,
      holder: undefined,
      isKept: false,
    };
  },
  async recentRecords({ limit, status, before, tenant }) {
    const page = {
      limit,
      ...(status && { status }),
      ...(before && { before }),
      ...(tenant !== undefined && { tenant }),
    };
    return (await records.recent(page, AbortSignal.timeout(readTimeoutMs))).map(({ event, order }) => ({
      event,
      order: orderToMessage(order),
    }));
  },
});
