import { Fault } from "#shared/fault.ts";
import type { JobNews } from "#shared/job/event.ts";
import { isFinal } from "#shared/job/status.ts";
import { jobFields, type Log } from "#shared/log.ts";
import type { Records } from "#shared/records.ts";
import type { Storages } from "#shared/storage/storage.ts";
import { type AboutKey, publishAgain } from "#worker/delivery/deliver.ts";
import type { KeptOutputs } from "#worker/delivery/kept.ts";
import { unstageAll } from "#worker/delivery/leftovers.ts";
import { type Attempt, type Journal, type Journaled, journalAt, journaledIds } from "#worker/journal/journal.ts";
import type { Slots } from "#worker/slots.ts";
import type { Work } from "./attempt.ts";
import { recordAcceptance } from "./life.ts";
import type { Registry } from "./registry.ts";

const recordTimeoutMs = 10_000;

type Tools = {
  workDir: string;
  /** Resolves when jobs can run here; until then what was found waits. */
  canRun: Promise<unknown>;
  registry: Registry;
  slots: Slots;
  storages: Storages;
  kept: KeptOutputs;
  records: Records;
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
  let turn = tools.canRun;

  for (const jobId of (await journaledIds(workDir)).sort()) {
    const journal = journalAt(workDir, jobId);
    const found = await journal.read().catch((err) => {
      log.error({ job_id: jobId, err }, "the job's journal is damaged; the job is lost");
      return undefined;
    });
    if (!found) {
      await journal.remove().catch((err) => log.error({ job_id: jobId, err }, "a folder cannot be removed"));
    } else if (found.end) {
      void tools.registry.finish(found.order, journal, found.end);
    } else {
      const before = turn;
      const over = resume(journal, found, tools, async () => {
        await before;
        return slots.take();
      });
      turn = Promise.all([before, over]);
    }
  }
}

function resume(journal: Journal, found: Journaled, tools: Tools, ready: () => Promise<Disposable>) {
  const { order } = found;
  const crashes = found.attempt.crashes + (found.isDrained ? 0 : 1);
  const attempt = found.attempt.attempt + 1;
  tools.log.info({ ...jobFields(order), attempt, crashes }, "taking up a job from the work directory");
  const work = stepsLeft(found, { attempt, crashes }, tools);
  const isCommitted = found.publishing !== undefined;
  return tools.registry.resume({ order, journal, attempt, usage: found.usage, isCommitted, work, ready });
}

/** What is still to be done for a job whose last attempt a crash or a drain cut short. */
function stepsLeft(found: Journaled, next: Attempt, tools: Tools): Work {
  const { order, publishing, isCancelled } = found;
  return async (job, reporter) => {
    if (!isCancelled) await job.journal.attempt(next);
    const ended = await endInRecord(order.jobId, tools.records);
    if (ended) return ended;
    void recordAcceptance(job, tools);
    await tools.kept.giveBack(order.jobId, job.journal);
    const configured = tools.storages.get(order.output.storage);
    const storage = configured && job.meter.storage(configured);
    if (publishing && storage) return publishAgain(job, reporter, storage, publishing, tools.about);
    // What stays hidden harms nobody: it is no reason to fail.
    if (storage) await unstageAll(storage, await job.journal.staged()).catch(() => {});
    job.signal.throwIfAborted();
    const why = whyNotAgain(found, next, tools);
    if (why) throw why;
    return tools.work(job, reporter);
  };
}

function whyNotAgain({ order, isCancelled }: Journaled, { crashes }: Attempt, { storages, maxAttempts }: Tools) {
  const { storage } = order.output;
  if (isCancelled) return new Fault("cancelled", "the job was cancelled");
  if (!storages.has(storage)) return new Fault("delivery_failed", `the worker has no storage "${storage}" any more`);
  if (crashes < maxAttempts) return undefined;
  return new Fault("worker_lost", `the worker died ${crashes} times while it ran this job`);
}

/** How a job ended that a disk that took nothing kept from being journaled. */
async function endInRecord(jobId: string, records: Records): Promise<JobNews | undefined> {
  const record = await records.read(jobId, AbortSignal.timeout(recordTimeoutMs)).catch(() => undefined);
  if (!record || !isFinal(record.event.status)) return undefined;
  const { jobId: _, sequence: __, attempt: ___, timestamp: ____, ...news } = record.event;
  return news;
}
