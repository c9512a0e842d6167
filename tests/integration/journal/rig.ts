import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JobEvent } from "#shared/job/event.ts";
import type { Order } from "#shared/job/order.ts";
import { makeLog } from "#shared/log.ts";
import { makeRecords } from "#shared/records.ts";
import { localStorage } from "#shared/storage/local/local-storage.ts";
import { newSecret } from "#shared/webhooks/signing.ts";
import { clip } from "#tests/support/clips.ts";
import { anOrder } from "#tests/support/orders.ts";
import { loopback } from "#tests/support/processes.ts";
import { serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { webhookReceiver } from "#tests/support/webhook-receiver.ts";
import { readConfig } from "#worker/config.ts";
import type { ReadText } from "#worker/journal/durable.ts";
import { journalAt } from "#worker/journal/journal.ts";
import { start } from "#worker/start.ts";
import { ownFolder } from "#worker/work-dir/open-work-dir.ts";

/** Jobs that a former process has left on the disk, and workers that find them. */
export async function leftJobs() {
  const stack = new AsyncDisposableStack();
  const { path: home } = stack.use(await temporaryFolder());
  const secret = newSecret();
  const receiver = stack.use(webhookReceiver({ secret }));
  const sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 1 }) }));
  const [workDir, out] = [join(home, "work"), join(home, "out")];
  const own = join(workDir, ownFolder);
  const records = makeRecords({ storage: localStorage({ root: out }), prefix: ".flux/jobs" });
  const env = {
    ...{ GRPC_PORT: "0", WORK_DIR: workDir, LOCAL_ROOT: out, AUTO_STOP: "false", WEBHOOK_SECRETS: secret },
    ...{ PRESETS_DIR: join(import.meta.dir, "../../support/presets"), ALLOWED_PRIVATE_CIDRS: loopback },
  };
  const signal = AbortSignal.timeout(100_000);

  return {
    ...{ own, out, receiver, env },
    async startWorker(readText?: ReadText) {
      const log = makeLog("test", { level: "silent" });
      const worker = await start(readConfig(env), { log, ...(readText && { readText }) });
      return { ...worker, [Symbol.asyncDispose]: () => worker.drain(0) };
    },
    /** A job as it is after its acceptance. */
    async accepted(more: Partial<Order> = {}) {
      const order = anOrder({ inputUrl: sources.url("clip.mp4"), callbackUrl: receiver.url, ...more });
      const journal = journalAt(own, order.jobId);
      await journal.order(order);
      await records.write({ order, event: eventOf(order, "queued") }, signal);
      return { order, journal, damage: (name: string, text: string) => writeFile(join(journal.folder, name), text) };
    },
    recordOf: async ({ jobId }: Order) => (await records.read(jobId, signal))?.event,
    record: (order: Order, event: JobEvent) => records.write({ order, event }, signal),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

export type Left = Awaited<ReturnType<Awaited<ReturnType<typeof leftJobs>>["accepted"]>>;

/** Puts an output where an attempt leaves it that has come to its commit. */
export async function encoded({ journal }: Left, key: string, text: string) {
  await mkdir(journal.outputDir);
  const file = join(journal.outputDir, "output.mp4");
  await writeFile(file, text);
  await journal.staging(file, key);
}

export const eventOf = ({ jobId }: Order, status: JobEvent["status"]): JobEvent => ({
  ...{ jobId, sequence: 1, attempt: 1, status },
  timestamp: new Date().toISOString(),
});
