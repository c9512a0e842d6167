import type { Link } from "#controlplane/workers/link.ts";
import type { Log } from "#shared/log.ts";

type Options = { jobId: string; link: Link; timeoutMs: number; log: Log };

const cancelTimeoutMs = 5_000;

/** Cancels a job at the end of its time, for a worker that does not know of it. Disposing calls it off. */
export function makeDeadline({ jobId, link, timeoutMs, log }: Options) {
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const ring = () => {
    isOver = true;
    log.warn({ job_id: jobId }, "a job is over its time; cancelling it");
    link
      .ask((calls) => calls.cancelJob({ jobId }, { timeoutMs: cancelTimeoutMs }))
      .catch((error) => log.warn({ err: error, job_id: jobId }, "a job over its time could not be cancelled"));
  };

  return {
    /** Its time begins, unless it has. */
    begin() {
      if (timeoutMs > 0) timer ??= setTimeout(ring, timeoutMs);
    },
    get isOver() {
      return isOver;
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
