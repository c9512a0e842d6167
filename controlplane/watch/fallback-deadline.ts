import type { Link } from "#controlplane/workers/link.ts";
import type { Log } from "#shared/log.ts";

/** `timeoutMs`: 0 means no deadline. */
type Options = { jobId: string; link: Link; timeoutMs: number; log: Log };

const cancelTimeoutMs = 5_000;

/**
 * Enforces the deadline of a job at a worker that does not know deadlines, by cancelling the job. Disposing stops the
 * timer.
 */
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
    /** Starts the timer, if it is not running. */
    begin() {
      if (timeoutMs > 0) timer ??= setTimeout(ring, timeoutMs);
    },
    /** Whether the deadline has passed. */
    get isOver() {
      return isOver;
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
