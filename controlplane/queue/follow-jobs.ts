import { finalEvent } from "#controlplane/watch/final-event.ts";
import type { AcceptedJob, Hubs, View } from "#controlplane/watch/hub.ts";
import type { Link } from "#controlplane/workers/link.ts";
import { retry } from "#shared/async/retry.ts";
import type { Log } from "#shared/log.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import type { WaitingRoom } from "./waiting-room.ts";

type Options = {
  room: Pick<WaitingRoom, "remove">;
  hubs: Pick<Hubs, "adopt">;
  /** Views a job that a worker has, or that has ended. */
  viewOf(jobId: string): Promise<View>;
  /** Called when a job has ended at its worker; without a link it may be any. */
  onEnd(link?: Link): void;
  closing: AbortSignal;
  log: Log;
};

const pauses = { firstPauseMs: 500, longestPauseMs: 10_000 };

/** Follows jobs that workers have accepted from the room to their ends; then the room forgets them, and there is room for the next. */
export function makeFollowJobs({ room, hubs, viewOf, onEnd, closing, log }: Options) {
  const following = new Set<string>();

  const follow = async (jobId: string, link: Link | undefined, view: () => Promise<View>) => {
    following.add(jobId);
    try {
      const event = await finalEvent(await view(), closing);
      if (!event) return;
      onEnd(link);
      await retry(() => room.remove(jobId), { ...pauses, signal: closing });
    } catch (err) {
      if (!closing.aborted) log.warn({ err, job_id: jobId }, "an ended job stays in the room");
    } finally {
      following.delete(jobId);
    }
  };

  return {
    /** Follows a job that was handed over here. */
    adopt(job: AcceptedJob, order: JobRequestInit) {
      const view = hubs.adopt(job, order);
      void follow(job.jobId, job.link, async () => view);
    },
    /** Follows a job that was handed over by a control plane that may be gone, or whose answer was lost. */
    takeOver(jobId: string) {
      if (following.has(jobId)) return;
      void follow(jobId, undefined, () => retry(() => viewOf(jobId), { ...pauses, signal: closing }));
    },
  };
}
