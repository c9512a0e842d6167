import { abortable } from "#shared/async/abortable.ts";
import type { Job } from "#worker/job/job.ts";

/** Waits for the slot that a job runs in. A job that is cancelled or stopped meanwhile goes on without one, to its end. */
export const waitForSlot = ({ signal }: Pick<Job, "signal">, ready: Promise<Disposable>): Promise<Disposable> =>
  abortable(ready, signal).catch((error) => {
    if (!signal.aborted) throw error;
    ready.then((slot) => slot[Symbol.dispose]()).catch(() => {});
    return new DisposableStack();
  });
