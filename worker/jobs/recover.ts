import type { Semaphore } from "#shared/async/semaphore.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { isWaitingId } from "#shared/job/id.ts";
import { jobFields } from "#shared/log.ts";
import { isMissing, type ReadText } from "#worker/journal/durable.ts";
import { finishRemovals, type Journal, journalAt, journaledIds } from "#worker/journal/journal.ts";
import type { Journaled } from "#worker/journal/journaled.ts";
import { fixedEvent } from "#worker/queue/end.ts";
import { type ResumeDeps, stepsLeft } from "#worker/run/resume.ts";
import { finishLost, type LostJobDeps } from "./lost.ts";

const recordTimeoutMs = 10_000;

type RecoveryDeps = ResumeDeps &
  LostJobDeps & {
    workDir: string;
    /** Resolves when the worker can run jobs; those that were found wait for it. */
    canRun: Promise<unknown>;
    slots: Semaphore;
    /** Reads the files of the journals, instead of from the disk. */
    readText?: ReadText | undefined;
  };

/**
 * Takes up the jobs that an earlier process left in the work directory. They run one at a time, in the order in which they
 * were accepted. Resolves when the registry has all of them, those whose journals cannot be read yet included.
 */
export async function recover(deps: RecoveryDeps) {
  const { workDir, registry, slots, log } = deps;
  let turn = deps.canRun;

  const queue = async (journal: Journal, found: Journaled) => {
    const before = turn;
    const over = resume(journal, found, await attemptOf(journal.jobId, found, deps), deps, async () => {
      await before;
      return slots.acquire();
    });
    turn = Promise.all([before, over]);
  };
  /** The start does not wait for the storage, which may be why the end was not recorded. */
  const finishUnlessLost = async (journal: Journal, found: Journaled, end: JobEvent) => {
    const fixed = await fixedEvent(found.order, end, deps.handOvers, AbortSignal.timeout(recordTimeoutMs));
    // One that was given another end is discarded as one that is to run again.
    if (fixed) void registry.finish(found.order, journal, fixed);
    else await queue(journal, found);
  };
  const takeUp = async (journal: Journal) => {
    const found = await journal.read();
    if (!found) {
      const warned = (err: unknown) => log.warn({ job_id: journal.jobId, err }, "a folder cannot be removed");
      return void (await journal.removeUnaccepted().catch(warned));
    }
    if ("lost" in found) return finishLost(journal, found, deps);
    if (found.damaged.length > 0)
      log.warn({ ...jobFields(found.order), damaged: found.damaged }, "files of the job's journal are damaged");
    const { order, end } = found;
    if (!end) await queue(journal, found);
    else if (!isWaitingId(journal.jobId)) void registry.finish(order, journal, end);
    else registry.unreadable.takeUp(journal.jobId, () => finishUnlessLost(journal, found, end));
  };

  await finishRemovals(workDir).catch((err) => log.warn({ err }, "not all that was being removed could be removed"));
  for (const jobId of (await journaledIds(workDir)).sort()) {
    const journal = journalAt(workDir, jobId, deps.readText);
    await takeUp(journal).catch((err) => {
      // The job has ended since the folder was listed.
      if (isMissing(err)) return;
      registry.unreadable.add(jobId, err, () => takeUp(journal));
    });
  }
}

/** The attempt that was running. If its number is damaged, the record has the latest one known: numbers never decrease. */
async function attemptOf(jobId: string, { attempt, damaged }: Journaled, { records }: RecoveryDeps) {
  if (!damaged.includes("attempt.json")) return attempt;
  const record = await records.read(jobId, AbortSignal.timeout(recordTimeoutMs)).catch(() => undefined);
  return { ...attempt, attempt: Math.max(attempt.attempt, record?.event.attempt ?? 0) };
}

function resume(
  journal: Journal,
  found: Journaled,
  before: Journaled["attempt"],
  deps: RecoveryDeps,
  ready: () => Promise<Disposable>,
) {
  const { order } = found;
  const crashes = before.crashes + (found.isDrained ? 0 : 1);
  const attempt = before.attempt + 1;
  deps.log.info({ ...jobFields(order), attempt, crashes }, "taking up a job from the work directory");
  const work = stepsLeft(found, { attempt, crashes }, deps);
  const isCommitted = found.publishing !== undefined;
  return deps.registry.resume({ order, journal, attempt, usage: found.usage, isCommitted, work, ready });
}
