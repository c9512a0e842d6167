import type { JobEvent } from "#shared/job/event.ts";
import { isFinal } from "#shared/job/status.ts";
import { jobFields, type Log } from "#shared/log.ts";
import type { Job } from "#worker/job/job.ts";
import { insist } from "#worker/jobs/insist.ts";
import type { Notify } from "./notify.ts";

type Notified = Pick<Job, "order" | "journal" | "feed" | "stopSignal">;

/**
 * Tells the receiver of the statuses its order asks for, the final one excepted, and of those that a crash kept from
 * it. Resolves when all are settled; throws when the job's stop leaves some to the next process.
 */
export async function notifyTransitions(
  { order, journal, feed, stopSignal }: Notified,
  { notify, log }: { notify: Notify; log: Log },
) {
  if (!order.callbackUrl || order.callbackEvents.length === 0) return;
  const warned = (message: string) => (err: unknown) => log.warn({ ...jobFields(order), err }, message);
  const onFailure = warned("a webhook can neither be sent nor kept yet");
  const tell = async (event: JobEvent) => {
    await insist(() => notify(order, event, stopSignal), { signal: stopSignal, onFailure });
    await journal.webhookSettled(event).catch(warned("a crash would send a webhook again"));
  };
  const telling: Promise<unknown>[] = [];
  const begin = (event: JobEvent) => {
    const told = tell(event);
    told.catch(warned("a webhook is left to the next start"));
    telling.push(told);
  };

  const unread = warned("it cannot be read yet which webhooks a crash has kept from being sent");
  for (const event of await insist(journal.unsettledWebhooks, { signal: stopSignal, onFailure: unread })) begin(event);
  let last = "";
  for await (const event of feed.follow(0, stopSignal)) {
    const step = `${event.attempt} ${event.status}`;
    const isAskedFor = step !== last && !isFinal(event.status) && order.callbackEvents.includes(event.status);
    last = step;
    if (!isAskedFor) continue;
    await journal.webhookQueued(event).catch(warned("a crash would lose a webhook"));
    begin(event);
  }
  await Promise.allSettled(telling);
  await Promise.all(telling);
}
