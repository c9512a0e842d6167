import { loadavg } from "node:os";
import type { WorkerService } from "#proto/worker/v1/worker_pb.js";
import type { Semaphore } from "#shared/async/semaphore.ts";
import { Fault } from "#shared/fault.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { checkedJobId } from "#shared/job/id.ts";
import { isFinal } from "#shared/job/status.ts";
import type { Log } from "#shared/log.ts";
import type { Records } from "#shared/records.ts";
import { eventToMessage, statusFromWire } from "#shared/rpc/event-message.ts";
import type { Handlers } from "#shared/rpc/method.ts";
import { orderToMessage } from "#shared/rpc/order-message.ts";
import { traceparent } from "#shared/tracing/traceparent.ts";
import type { RetainedOutputs } from "#worker/delivery/retained-outputs.ts";
import { acceptable, type Rules } from "#worker/jobs/accept.ts";
import type { Claims } from "#worker/jobs/claims.ts";
import { listJobs, listRetained } from "#worker/jobs/list.ts";
import { listed } from "#worker/jobs/listed.ts";
import type { Registry } from "#worker/jobs/registry.ts";
import type { WorkerMetrics } from "#worker/metrics.ts";

type Tools = {
  registry: Registry;
  slots: Semaphore;
  records: Records;
  retained: RetainedOutputs;
  metrics: Pick<WorkerMetrics, "text">;
  claims: Claims;
  rules: Rules;
  about: {
    workerId: string;
    version: string;
    startedAt: string;
    cores: number;
    /** What is known of ffmpeg so far, as capabilities. */
    ffmpeg(): readonly string[];
  };
  /** Throws when the worker cannot take jobs. */
  checkCanAccept(): Promise<void>;
  log: Log;
};

const claimTimeoutMs = 10_000;

/** What a worker answers. */
export function workerService({
  retained,
  metrics,
  claims,
  checkCanAccept,
  registry,
  slots,
  records,
  rules,
  log,
  about,
}: Tools): Handlers<typeof WorkerService.method> {
  const running = () => registry.all().filter((job) => !job.hasEnded());
  return {
    async *submitJob(request, signal) {
      await checkCanAccept();
      const claim = () => claims.make(request, AbortSignal.timeout(claimTimeoutMs));
      const parent = traceparent();
      const order = { ...acceptable(request, rules), ...(parent && { traceparent: parent }) };
      const feed = await registry.submit(order, request.idempotencyKey ? claim : undefined);
      for await (const event of feed.follow(0, signal)) yield eventToMessage(event);
    },

    async getStatus({ withMetrics }) {
      return {
        currentJobs: slots.inUse,
        maxConcurrentJobs: slots.limit,
        activeJobIds: running().map((job) => job.order.jobId),
        workerId: about.workerId,
        version: about.version,
        draining: registry.isDraining,
        load: (loadavg()[0] ?? 0) / about.cores,
        memory: BigInt(residentMemory()),
        startedAt: about.startedAt,
        ...(withMetrics && { metrics: await metrics.text() }),
        capabilities: [
          ...["path-prefix", "idempotency"],
          ...[...rules.storages.keys()].map((name) => `storage:${name}`),
          ...about.ffmpeg(),
        ],
      };
    },

    async cancelJob({ jobId }, signal) {
      const job = await registry.findAccepted(checkedJobId(jobId));
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
      const job = await registry.findAccepted(checkedJobId(jobId));
      if (job?.feed.latest)
        return {
          held: true,
          event: eventToMessage(job.feed.latest),
          order: orderToMessage(job.order),
          kept: await retained.has(jobId),
        };
      const { event, order, sourceRedacted, callbackRedacted } = await recorded(records, jobId, signal);
      return {
        held: false,
        event: eventToMessage(event),
        order: orderToMessage(order),
        sourceRedacted,
        callbackRedacted,
        kept: await retained.has(jobId),
      };
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

    async listJobs({ status, limit, cursor, tenant, kept: onlyRetained }, signal) {
      const query = {
        status: statusFromWire(status),
        limit: Math.min(limit || 50, 200),
        before: cursor || undefined,
        tenant,
      };
      const { jobs, incomplete } = onlyRetained
        ? await listRetained({ registry, retained, records }, query, signal)
        : await listJobs(registry, records, query, signal);
      const messages = listed(jobs, (jobId) =>
        log.warn({ job_id: jobId }, "a job cannot be listed: its record is too large"),
      );
      return { ...messages, incomplete };
    },

    async getClaim(request, signal) {
      return (await claims.find(request, signal)) ?? {};
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

/** In bytes; 0 where nothing tells: Bun reads it from a file, and none may be left to open. */
function residentMemory(): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return 0;
  }
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
