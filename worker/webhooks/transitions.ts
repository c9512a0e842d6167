import { isFinal } from "#shared/job/status.ts";
import type { Log } from "#shared/log.ts";
import type { Job } from "#worker/jobs/job.ts";
import type { Notify } from "./notify.ts";

/** Tells the receiver of the statuses its order asks for, the final one excepted. Resolves when all are settled. */
export async function notifyTransitions(
  { order, feed, stopSignal }: Pick<Job, "order" | "feed" | "stopSignal">,
  { notify, log }: { notify: Notify; log: Log },
) {
  if (!order.callbackUrl || order.callbackEvents.length === 0) return;
  const settled: Promise<void>[] = [];
  let last = "";
  for await (const event of feed.follow(0, stopSignal)) {
    const step = `${event.attempt} ${event.status}`;
    const isAskedFor = step !== last && !isFinal(event.status) && order.callbackEvents.includes(event.status);
    last = step;
    if (!isAskedFor) continue;
    const told = notify(order, event, stopSignal);
    settled.push(told.catch((err) => log.error({ job_id: order.jobId, err }, "a webhook is lost")));
  }
  await Promise.all(settled);
}
