import { delay } from "#shared/async/delay.ts";
import { retry } from "#shared/async/retry.ts";
import { Fault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import { type Release, releaseInTime } from "#worker/exit.ts";
import { untilStopped } from "#worker/retry-policy.ts";

type Tools = {
  occupy(): Release;
  /** Once it is aborted, what is unread is left to the next process. */
  stopSignal: AbortSignal;
  log: Log;
};

/** Jobs whose journals cannot be read at present. That tells nothing of the jobs: nobody may take them for gone. */
export function makeUnread({ occupy, stopSignal: signal, log }: Tools) {
  const ids = new Set<string>();
  return {
    /** Throws when it is not known here how this job is. */
    check(jobId: string) {
      if (!ids.has(jobId)) return;
      throw new Fault("unreachable", "the worker cannot read its journal of this job at present; it tries again");
    },
    /** Reads a journal again and again, after the error given, until that is done. */
    add(jobId: string, first: unknown, read: () => Promise<void>) {
      const onFailure = (err: unknown) =>
        log.error({ job_id: jobId, err }, "the job's journal cannot be read; it stays on the disk, and is tried again");
      ids.add(jobId);
      onFailure(first);
      const release = occupy();
      const limit = releaseInTime(release);
      const again = async () => {
        await read();
        ids.delete(jobId);
      };
      const policy = untilStopped(signal, onFailure);
      void delay(policy.firstPauseMs, signal)
        .then(() => retry(again, policy))
        .catch(() => {})
        .finally(() => {
          limit[Symbol.dispose]();
          release();
        });
    },
  };
}
