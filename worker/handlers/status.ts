import { loadavg } from "node:os";
import type { Semaphore } from "#shared/async/semaphore.ts";
import type { Rules } from "#worker/jobs/accept.ts";
import type { Registry } from "#worker/jobs/registry.ts";
import type { WorkerMetrics } from "#worker/metrics.ts";
import type { Methods } from "./methods.ts";

export type StatusDeps = {
  registry: Registry;
  slots: Semaphore;
  metrics: Pick<WorkerMetrics, "text">;
  rules: Pick<Rules, "storages">;
  about: {
    workerId: string;
    version: string;
    startedAt: string;
    cores: number;
    /** What is known of ffmpeg so far, as capabilities. */
    ffmpeg(): readonly string[];
  };
};

/** Tells how the worker is, and what it can do. */
export const statusHandlers = ({
  registry,
  slots,
  metrics,
  rules,
  about: { cores, ffmpeg, ...about },
}: StatusDeps): Pick<Methods, "getStatus"> => ({
  async getStatus({ withMetrics }) {
    const running = registry.all().filter((job) => !job.hasEnded());
    return {
      ...about,
      currentJobs: slots.inUse,
      maxConcurrentJobs: slots.limit,
      activeJobIds: running.map((job) => job.order.jobId),
      draining: registry.isDraining,
      load: (loadavg()[0] ?? 0) / cores,
      memory: BigInt(residentMemory()),
      ...(withMetrics && { metrics: await metrics.text() }),
      capabilities: [
        ...["path-prefix", "idempotency"],
        ...[...rules.storages.keys()].map((name) => `storage:${name}`),
        ...ffmpeg(),
      ],
    };
  },
});

/** In bytes; 0 where it cannot be read: Bun reads it from a file, and the process may have no file descriptor left. */
function residentMemory(): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return 0;
  }
}
