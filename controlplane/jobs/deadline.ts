import type { Link } from "#controlplane/workers/link.ts";
import type { Feed } from "#shared/job/feed.ts";
import type { Log } from "#shared/log.ts";

type Options = {
  jobId: string;
  link: Link;
  feed: Feed;
  timeoutMs: number;
  /** Only who submitted a job ends it. */
  isOurs: boolean;
  log: Log;
};

// A worker that knows the deadline ends the job itself, with a better word for it.
const allowanceMs = 2_000;
const cancelTimeoutMs = 5_000;

/** Cancels a job at the end of its time, for workers that do not know the deadline. Disposing calls it off. */
export function makeDeadline({ jobId, link, feed, timeoutMs, isOurs, log }: Options) {
  let attempt = 1;
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const arm = () => {
    timer = setTimeout(ring, timeoutMs + allowanceMs);
  };
  const ring = () => {
    const running = feed.latest?.attempt ?? attempt;
    if (running > attempt) {
      attempt = running;
      return arm();
    }
    isOver = true;
    log.warn({ job_id: jobId }, "a job is over its time; cancelling it");
    link
      .ask((calls) => calls.cancelJob({ jobId }, { timeoutMs: cancelTimeoutMs }))
      .catch((error) => log.warn({ err: error, job_id: jobId }, "a job over its time could not be cancelled"));
  };
  if (isOurs && timeoutMs > 0) arm();

  return {
    get isOver() {
      return isOver;
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
