import { delay } from "#shared/async/delay.ts";
import { retry } from "#shared/async/retry.ts";
import { Fault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import { type Release, releaseInTime } from "#worker/exit.ts";
import { untilStopped } from "#worker/retry-policy.ts";

type UnreadableDeps = {
  occupy(): Release;
  /** Once it is aborted, the journals that are still unreadable are left to the next process. */
  stopSignal: AbortSignal;
  log: Log;
};

/** The jobs whose journals cannot be read at present. That says nothing about the jobs: no answer may call them lost. */
export function makeUnreadable({ occupy, stopSignal: signal, log }: UnreadableDeps) {
  const ids = new Set<string>();
  /** Repeats work of a job that has failed with this error until it succeeds. */
  const repeat = (jobId: string, first: unknown, work: () => Promise<void>) => {
    const onFailure = (err: unknown) =>
      log.error({ job_id: jobId, err }, "the job cannot be taken up yet; it stays on the disk, and is tried again");
    ids.add(jobId);
    onFailure(first);
    const release = occupy();
    const limit = releaseInTime(release);
    const again = async () => {
      await work();
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
  };
  return {
    /** Throws `unreachable` when this job's journal cannot be read at present. */
    check(jobId: string) {
      if (!ids.has(jobId)) return;
      throw new Fault("unreachable", "the worker cannot take up this job at present; it tries again");
    },
    /** Repeats the reading of a journal, which has failed with this error, until it succeeds. */
    add: repeat,
    /** Takes up a job in the background; until then nothing can be said of it. What fails is repeated until it succeeds. */
    takeUp(jobId: string, work: () => Promise<void>) {
      ids.add(jobId);
      const release = occupy();
      void work()
        .then(
          () => void ids.delete(jobId),
          (err) => repeat(jobId, err, work),
        )
        .finally(release);
    },
  };
}
