import { Fault, isFault } from "#shared/fault.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { checkedJobId, timeOf } from "#shared/job/id.ts";
import type { JobRecord } from "#shared/job/record.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Records } from "#shared/records.ts";
import { eventToMessage } from "#shared/rpc/event-message.ts";
import { orderToMessage } from "#shared/rpc/order-message.ts";
import type { Methods, ServiceDeps } from "./methods.ts";

/** Answers for single jobs: from the registry, or from the record of one that it does not have. */
export const jobHandlers = (deps: ServiceDeps): Pick<Methods, "cancelJob" | "getJob" | "watchJob"> => ({
  async cancelJob({ jobId }, signal) {
    const job = await deps.registry.findAccepted(checkedJobId(jobId));
    if (!job) return refusal(await recorded(deps.records, jobId, signal));
    try {
      await job.cancel();
      return { success: true };
    } catch (error) {
      if (isFault(error, "conflict")) return { success: false, message: error.message };
      throw error;
    }
  },

  async getJob({ jobId }, signal) {
    const job = await findHeld(checkedJobId(jobId), deps, signal);
    const latest = job?.feed.latest;
    const held: JobRecord | undefined = job &&
      latest && { event: latest, order: job.order, sourceRedacted: false, callbackRedacted: false };
    const known = held ?? (await recorded(deps.records, jobId, signal));
    const { event, order, sourceRedacted, callbackRedacted, worker } = known;
    return {
      held: held !== undefined,
      event: eventToMessage(event),
      order: { ...orderToMessage(order), ...(worker && { queueAddress: worker }) },
      sourceRedacted,
      callbackRedacted,
      kept: await deps.retained.has(jobId),
    };
  },

  async *watchJob({ jobId, afterSequence }, signal) {
    const job = await findHeld(checkedJobId(jobId), deps, signal);
    if (job) {
      for await (const event of job.feed.follow(Number(afterSequence), signal)) yield eventToMessage(event);
      return;
    }
    const { event } = await recorded(deps.records, jobId, signal);
    if (!isFinal(event.status)) throw unknown(jobId);
    if (event.sequence > afterSequence) yield eventToMessage(event);
  },
});

const unknown = (jobId: string) => new Fault("not_found", `no job ${jobId}`);

/** The job if this worker has it. Another may have removed one that is over, with its record, which is forgotten then. */
async function findHeld(jobId: string, { registry, records }: ServiceDeps, signal: AbortSignal) {
  const job = await registry.findAccepted(jobId);
  if (!job || !registry.isOver(jobId) || timeOf(jobId) === undefined) return job;
  const record = await records.read(jobId, signal).catch(() => job);
  if (!record) registry.forget(jobId);
  return record && job;
}

async function recorded(records: Records, jobId: string, signal: AbortSignal) {
  const record = await records.read(jobId, signal);
  if (!record) throw unknown(jobId);
  return record;
}

function refusal({ event }: { event: JobEvent }) {
  if (!isFinal(event.status)) throw unknown(event.jobId);
  return { success: false, message: `the job has ended: ${event.status}` };
}
