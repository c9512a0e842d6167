import { retry } from "#shared/async/retry.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { isFinal } from "#shared/job/status.ts";
import { jobFields, type Log } from "#shared/log.ts";
import type { Notify } from "#shared/webhooks/notify.ts";
import type { Job } from "#worker/job/job.ts";
import { untilStopped } from "#worker/retry-policy.ts";

/**
 * Sends the webhooks of the statuses that a job's order asks for, the final one excepted, and of those that an earlier
 * process has left unsettled. Resolves when all are settled; throws when the job's stop leaves some to the next process.
 */
export async function notifyTransitions(
  { order, journal, feed, stopSignal }: Pick<Job, "order" | "journal" | "feed" | "stopSignal">,
  { notify, log }: { notify: Notify; log: Log },
) {
  if (!order.callbackUrl || order.callbackEvents.length === 0) return;
  const warned = (message: string) => (err: unknown) => log.warn({ ...jobFields(order), err }, message);
  const onFailure = warned("a webhook can neither be sent nor kept yet");
  const send = async (event: JobEvent) => {
    await retry(() => notify(order, event, stopSignal), untilStopped(stopSignal, onFailure));
    await journal.webhookSettled(event).catch(warned("a crash would send a webhook again"));
  };
  const sending: Promise<unknown>[] = [];
  const begin = (event: JobEvent) => {
    const sent = send(event);
    sent.catch(warned("a webhook is left to the next start"));
    sending.push(sent);
  };

  const unread = warned("it cannot be read yet which webhooks a crash has kept from being sent");
  for (const event of await retry(journal.unsettledWebhooks, untilStopped(stopSignal, unread))) begin(event);
  let last = "";
  for await (const event of feed.follow(0, stopSignal)) {
    const step = `${event.attempt} ${event.status}`;
    const isAskedFor = step !== last && !isFinal(event.status) && order.callbackEvents.includes(event.status);
    last = step;
    if (!isAskedFor) continue;
    await journal.webhookQueued(event).catch(warned("a crash would lose a webhook"));
    begin(event);
  }
  await Promise.allSettled(sending);
  await Promise.all(sending);
}
