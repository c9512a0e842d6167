import { timeOf } from "#shared/job/id.ts";
import type { Order } from "#shared/job/order.ts";
import { isFinal, type JobStatus } from "#shared/job/status.ts";
import { headersFor } from "#shared/storage/object-headers.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { foldersFor, type MarkerFolder, markerName } from "./markers.ts";

// Some FTP servers refuse empty files.
const content = "\n";

/** Writes and removes the markers of jobs below `<root>/outcomes/`. */
export function makeMarkers({ storage, root }: { storage: Pick<Storage, "write" | "remove">; root: string }) {
  const keyOf = (folder: MarkerFolder, name: string) => `${root}/outcomes/${folder}/${name}`;
  return {
    /** Called before the record of a job in this state is written, so that no record is ever without its markers. */
    async before(order: Order, status: JobStatus, at: number, signal: AbortSignal) {
      // One whose id does not tell its time would have another name at its end: its worker alone tells that it runs.
      if (!isFinal(status) && timeOf(order.jobId) === undefined) return;
      const keys = foldersFor(status).map((folder) => keyOf(folder, markerName(order, at)));
      await Promise.all(keys.map((key) => storage.write(key, content, headersFor(key), signal)));
    },
    /** Called when the record is written. A marker that stays says nothing wrong: readers ask the record. */
    async after(order: Order, status: JobStatus, at: number, signal: AbortSignal) {
      if (!isFinal(status) || timeOf(order.jobId) === undefined) return;
      await storage.remove(keyOf("running", markerName(order, at)), signal).catch(() => {});
    },
    /** Called before the record of a job in this state is removed. */
    async remove(order: Order, status: JobStatus, at: number, signal: AbortSignal) {
      const folders = new Set<MarkerFolder>(["running", ...foldersFor(status)]);
      await Promise.all([...folders].map((folder) => storage.remove(keyOf(folder, markerName(order, at)), signal)));
    },
  };
}
