import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import type { JobEvent } from "#shared/job/event.ts";
import type { Order } from "#shared/job/order.ts";
import { makeLog } from "#shared/log.ts";
import { cidrs } from "#shared/net/addresses.ts";
import type { Guard } from "#shared/net/guarded-request.ts";
import { makeRecords } from "#shared/records.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { openWebhooks } from "#shared/webhooks/notify.ts";
import { webhookSecrets } from "#shared/webhooks/signing.ts";
import { anOrder } from "#tests/support/orders.ts";
import { filesIn } from "#tests/support/service.ts";
import { isMissing } from "#worker/journal/durable.ts";

type Options = { secrets: string; patienceMs?: number; guard?: Partial<Guard>; now?: () => number };

const prefix = ".flux/jobs";
const always = new AbortController().signal;

/** The webhooks of one worker whose storage is a folder. */
export function workerAt(root: string, { secrets, patienceMs = 0, guard, now = Date.now }: Options) {
  const storage = localStorage({ root });
  const records = makeRecords({ storage, prefix });
  const { notify, leave, retries } = openWebhooks({
    secrets: v.parse(webhookSecrets, secrets),
    patienceMs,
    guard: { allowedCidrs: v.parse(cidrs, "127.0.0.0/8"), ...guard },
    storage,
    prefix,
    records,
    now,
    log: makeLog("test", { level: "silent" }),
  });
  return {
    retries,
    records,
    /** As at the end of a job: the record, then the webhook. */
    async end(order: Order, event: JobEvent, signal = always) {
      await records.write({ order, event }, always);
      await notify(order, event, signal);
    },
    leave: async (order: Order, event: JobEvent) => (await leave(order, event, always))(),
    notify: (order: Order, event: JobEvent) => notify(order, event, always),
    noteOf: async (order: Order) => (await records.read(order.jobId, always))?.webhook,
    [Symbol.asyncDispose]: retries.stop,
  };
}

/** The texts of the webhooks that are pending in a folder. One that is settled between list and read is pending no more. */
export async function pendingIn(root: string): Promise<string[]> {
  const folder = join(root, prefix, "webhooks");
  const texts = await Promise.all(
    (await filesIn(folder)).map((name) => readFile(join(folder, name), "utf8").catch(unlessMissing)),
  );
  return texts.filter((text) => text !== undefined);
}

function unlessMissing(error: unknown) {
  if (!isMissing(error)) throw error;
  return undefined;
}

/** A job that has just ended. */
export function ended(callbackUrl: string): { order: Order; event: JobEvent } {
  const order = anOrder({ callbackUrl });
  return {
    order,
    event: {
      jobId: order.jobId,
      sequence: 7,
      status: "completed",
      attempt: 1,
      timestamp: new Date().toISOString(),
      outputUrl: "https://media.example.com/東京.mp4",
    },
  };
}
