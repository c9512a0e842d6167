import { loadavg } from "node:os";
import type { WorkerService } from "#proto/worker/v1/worker_pb.js";
import { Fault } from "#shared/fault.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { checkedJobId } from "#shared/job/id.ts";
import type { Order } from "#shared/job/order.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Records } from "#shared/records.ts";
import { eventToMessage, statusFromWire } from "#shared/rpc/event-message.ts";
import type { Handlers } from "#shared/rpc/method.ts";
import { acceptable, type Rules } from "#worker/jobs/accept.ts";
import { listJobs } from "#worker/jobs/list.ts";
import type { Registry } from "#worker/jobs/registry.ts";
import type { Slots } from "#worker/slots.ts";

type Tools = {
  registry: Registry;
  slots: Slots;
  records: Records;
  rules: Rules;
  about: { workerId: string; version: string; startedAt: string; cores: number };
};

/** What a worker answers. */
export function workerService({
  registry,
  slots,
  records,
  rules,
  about,
}: Tools): Handlers<typeof WorkerService.method> {
  const running = () => registry.all().filter((job) => !job.hasEnded());
  return {
    async *submitJob(request, signal) {
      const feed = await registry.submit(acceptable(request, rules));
      for await (const event of feed.follow(0, signal)) yield eventToMessage(event);
    },

    async getStatus() {
      return {
        currentJobs: slots.taken,
        maxConcurrentJobs: slots.limit,
        activeJobIds: running().map((job) => job.order.jobId),
        workerId: about.workerId,
        version: about.version,
        draining: registry.isDraining,
        load: (loadavg()[0] ?? 0) / about.cores,
        memory: BigInt(process.memoryUsage.rss()),
        startedAt: about.startedAt,
        capabilities: [...rules.storages.keys()].map((name) => `storage:${name}`),
      };
    },

    async cancelJob({ jobId }, signal) {
      const job = registry.find(checkedJobId(jobId));
      if (!job) return refusal(await recorded(records, jobId, signal));
      try {
        await job.cancel();
        return { success: true };
      } catch (error) {
        if (error instanceof Fault && error.kind === "conflict") return { success: false, message: error.message };
        throw error;
      }
    },

    async getJob({ jobId }, signal) {
      const job = registry.find(checkedJobId(jobId));
      if (job?.feed.latest)
        return { held: true, event: eventToMessage(job.feed.latest), order: orderToMessage(job.order) };
      const { event, order, sourceRedacted } = await recorded(records, jobId, signal);
      return { held: false, event: eventToMessage(event), order: orderToMessage(order), sourceRedacted };
    },

    async *watchJob({ jobId, afterSequence }, signal) {
      const job = registry.find(checkedJobId(jobId));
      if (job) {
        for await (const event of job.feed.follow(Number(afterSequence), signal)) yield eventToMessage(event);
        return;
      }
      const { event } = await recorded(records, jobId, signal);
      if (!isFinal(event.status)) throw unknown(jobId);
      if (event.sequence > afterSequence) yield eventToMessage(event);
    },

    async listJobs({ status, limit, cursor }, signal) {
      const page = { status: statusFromWire(status), limit: Math.min(limit || 50, 200), before: cursor || undefined };
      return { jobs: (await listJobs(registry, records, page, signal)).map(eventToMessage) };
    },

    async listPresets() {
      const presets = [...rules.presets.values()];
      return {
        presets: presets.map(({ name, description, output_type, extension }) => ({
          name,
          description,
          outputType: output_type,
          extension,
        })),
      };
    },
  };
}

const unknown = (jobId: string) => new Fault("not_found", `no job ${jobId}`);

async function recorded(records: Records, jobId: string, signal: AbortSignal) {
  const record = await records.read(jobId, signal);
  if (!record) throw unknown(jobId);
  return record;
}

function refusal({ event }: { event: JobEvent }) {
  if (!isFinal(event.status)) throw unknown(event.jobId);
  return { success: false, message: `the job has ended: ${event.status}` };
}

const orderToMessage = ({
  inputUrl,
  preset,
  output,
  callbackUrl,
  callbackEvents,
  timeoutMs,
  tenant,
  retryOf,
}: Order) => ({
  inputUrl,
  preset,
  output,
  callbackEvents,
  ...(callbackUrl && { callbackUrl }),
  ...(timeoutMs && { timeoutMs: BigInt(timeoutMs) }),
  ...(tenant && { tenant }),
  ...(retryOf && { retryOf }),
});
