import type { WatchedStorage } from "#shared/storage/watched.ts";

const readTimeoutMs = 10_000;
const probeEveryMs = 30_000;

/** The state of the storage of job records that this control plane reads itself. */
export type RecordsHealth = {
  /** Describes the problem, beginning with the name of the setting; undefined while none is known. */
  problem(): string | undefined;
  /** The name and the location of the storage; undefined when this control plane reads no records. */
  place: string | undefined;
  /** Sends a request to the storage in the background, unless it answered within the last 30 seconds. */
  probe(): void;
};

export const noRecords: RecordsHealth = { problem: () => undefined, place: undefined, probe() {} };

export function recordsHealth({ storage, problem, heardAt }: WatchedStorage, prefix: string): RecordsHealth {
  let probedAt = Number.NEGATIVE_INFINITY;
  const read = () => storage.read(`${prefix}/look.json`, AbortSignal.timeout(readTimeoutMs));
  return {
    problem,
    place: storage.place,
    probe() {
      if (Date.now() - Math.max(probedAt, heardAt()) < (problem() ? 0 : probeEveryMs)) return;
      probedAt = Date.now();
      // The watched storage notes the outcome itself.
      read().catch(() => {});
    },
  };
}
