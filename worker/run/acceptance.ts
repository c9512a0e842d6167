import type { JobEvent } from "#shared/job/event.ts";
import { jobFields, type Log } from "#shared/log.ts";
import type { Records } from "#shared/records.ts";
import type { Job } from "#worker/job/job.ts";
import { handOverOf } from "#worker/queue/hand-over.ts";
import { surely } from "#worker/retry-policy.ts";

type Deps = { records: Records; log: Log };

const recordTimeoutMs = 60_000;

/**
 * Records that a job is accepted. Of a job from a waiting room nothing else tells which worker has it when the room is lost:
 * that is waited for, however long the storage refuses it. Throws the reason why the job has to end when that comes first.
 */
export async function recordAcceptance(job: Job, deps: Deps) {
  const event = job.feed.latest;
  if (!event) return;
  if (handOverOf(job.order)) await recordSurely(job, event, deps);
  // Need not be awaited: what is written to one record keeps its order.
  else void recordIfPossible(job, event, deps);
}

async function recordSurely({ order, signal, step }: Job, event: JobEvent, { records, log }: Deps) {
  const write = () => records.write({ order, event }, AbortSignal.any([signal, AbortSignal.timeout(recordTimeoutMs)]));
  const onRetry = (err: unknown) =>
    log.warn({ ...jobFields(order), err }, "the job waits until its acceptance is recorded");
  await surely(() => step("record-acceptance", write), signal, onRetry);
}

const recordIfPossible = ({ order }: Job, event: JobEvent, { records, log }: Deps) =>
  records
    .write({ order, event }, AbortSignal.timeout(recordTimeoutMs))
    .catch((err) => log.warn({ ...jobFields(order), err }, "the acceptance is not recorded"));
