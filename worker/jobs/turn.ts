import { abortable } from "#shared/async/abortable.ts";
import type { Job } from "#worker/job/job.ts";

/** The slot that a job waits for; one that is cancelled or stopped meanwhile ends without. */
export const turnOf = ({ signal }: Pick<Job, "signal">, ready: Promise<Disposable>): Promise<Disposable> =>
  abortable(ready, signal).catch((error) => {
    if (!signal.aborted) throw error;
    ready.then((slot) => slot[Symbol.dispose]()).catch(() => {});
    return new DisposableStack();
  });
