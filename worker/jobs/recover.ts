import { Fault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import type { Storages } from "#shared/storage/storage.ts";
import { type AboutKey, publishAgain } from "#worker/delivery/deliver.ts";
import { unstageAll } from "#worker/delivery/leftovers.ts";
import { storageOf } from "#worker/delivery/storage-of.ts";
import { type Attempt, type Journal, type Journaled, journalAt, journaledIds } from "#worker/journal/journal.ts";
import type { Slots } from "#worker/slots.ts";
import type { Work } from "./life.ts";
import type { Registry } from "./registry.ts";

type Tools = {
  workDir: string;
  registry: Registry;
  slots: Slots;
  storages: Storages;
  about: AboutKey;
  /** The steps of a new attempt. */
  work: Work;
  maxAttempts: number;
  log: Log;
};

/**
 * Takes up what an earlier process left in the work directory: one job at a time, in the order of acceptance. Resolves
 * when all of it is held by the registry.
 */
export async function recover(tools: Tools) {
  const { workDir, slots, log } = tools;
  let turn: Promise<unknown> = Promise.resolve();

  for (const jobId of (await journaledIds(workDir)).sort()) {
    const journal = journalAt(workDir, jobId);
    const found = await journal.read().catch((err) => {
      log.error({ job_id: jobId, err }, "the job's journal is damaged; the job is lost");
      return undefined;
    });
    if (!found) {
      await journal.remove();
    } else if (found.end) {
      void tools.registry.finish(found.order, journal, found.end);
    } else {
      const before = turn;
      turn = resume(journal, found, tools, async () => {
        await before;
        return slots.take();
      });
    }
  }
}

function resume(journal: Journal, found: Journaled, tools: Tools, ready: () => Promise<Disposable>) {
  const { order } = found;
  const crashes = found.attempt.crashes + (found.isDrained ? 0 : 1);
  const attempt = found.attempt.attempt + 1;
  tools.log.info({ job_id: order.jobId, attempt, crashes }, "taking up a job from the work directory");
  return tools.registry.resume({ order, journal, attempt, work: stepsLeft(found, { attempt, crashes }, tools), ready });
}

/** What is still to be done for a job whose last attempt a crash or a drain cut short. */
function stepsLeft(found: Journaled, next: Attempt, { work, storages, about, maxAttempts }: Tools): Work {
  const { publishing, isCancelled } = found;
  return async (job, reporter) => {
    await job.journal.attempt(next);
    if (publishing) return publishAgain(job, reporter, storageOf(job.order, storages), publishing, about);
    // What stays hidden harms nobody: it is no reason to fail.
    await unstageAll(storageOf(job.order, storages), await job.journal.staged()).catch(() => {});
    if (isCancelled) throw new Fault("cancelled", "the job was cancelled");
    if (next.crashes >= maxAttempts) {
      throw new Fault("worker_lost", `the worker died ${next.crashes} times while it ran this job`);
    }
    return work(job, reporter);
  };
}
