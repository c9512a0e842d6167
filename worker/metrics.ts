import { availableParallelism, loadavg } from "node:os";
import type { Semaphore } from "#shared/async/semaphore.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { makeMetrics } from "#shared/metrics/metrics.ts";
import { countReceipt, receiptMetrics } from "#shared/metrics/receipts.ts";
import { diskSizeOf } from "./disk-space.ts";
import type { ProcessStats } from "./ffmpeg/process-stats.ts";

export const workerPrefix = "flux_worker_";

export const workerDefinitions = {
  jobs_running: { type: "gauge", labels: [], help: "Jobs that run now" },
  jobs_total: {
    type: "counter",
    labels: ["outcome", "kind"],
    help: "Jobs that ended, by outcome and, of failed ones, the kind of fault",
  },
  records_up: {
    type: "gauge",
    labels: [],
    help: "0 while the storage of job records does not do what it is asked, else 1",
  },
  load: { type: "gauge", labels: [], help: "The load average of the last minute, divided by the cores" },
  memory_bytes: { type: "gauge", labels: [], help: "The resident memory of the worker itself" },
  ffmpeg_processes: { type: "gauge", labels: [], help: "Processes of ffmpeg and ffprobe that run now" },
  ffmpeg_memory_bytes: { type: "gauge", labels: [], help: "Their resident memory now" },
  ffmpeg_cores: { type: "gauge", labels: [], help: "The cores that they use, since they were looked at last" },
  disk_used_bytes: { type: "gauge", labels: [], help: "Used on the disk that holds WORK_DIR, by whatever uses it" },
  disk_size_bytes: { type: "gauge", labels: [], help: "Size of that disk, as far as the worker may use it" },
  ...receiptMetrics(),
} as const;

type MetricsDeps = {
  slots: Pick<Semaphore, "inUse">;
  workDir: string;
  processStats: Pick<ProcessStats, "sample">;
  /** What is wrong with the storage of records; undefined when nothing is. */
  recordsProblem(): string | undefined;
};

export type WorkerMetrics = ReturnType<typeof makeWorkerMetrics>;

/** The metrics of a worker since it started. */
export function makeWorkerMetrics({ slots, workDir, processStats, recordsProblem }: MetricsDeps) {
  const metrics = makeMetrics(workerPrefix, workerDefinitions);
  return {
    /** Counts a job by its final event. */
    ended({ status, error, receipt }: Pick<JobEvent, "status" | "error" | "receipt">) {
      metrics.add("jobs_total", { outcome: status, kind: status === "failed" ? (error?.kind ?? "") : "" });
      if (receipt) countReceipt(metrics, {}, receipt);
    },
    async text(): Promise<string> {
      const { usedBytes, totalBytes } = await diskSizeOf(workDir);
      metrics.replace("jobs_running", [[{}, slots.inUse]]);
      const { processes, memoryBytes, cores } = processStats.sample();
      metrics.replace("load", [[{}, loadOf()]]);
      metrics.replace("memory_bytes", [[{}, process.memoryUsage.rss()]]);
      metrics.replace("ffmpeg_processes", [[{}, processes]]);
      metrics.replace("ffmpeg_memory_bytes", [[{}, memoryBytes]]);
      metrics.replace("ffmpeg_cores", [[{}, cores]]);
      metrics.replace("records_up", [[{}, recordsProblem() === undefined ? 1 : 0]]);
      metrics.replace("disk_used_bytes", [[{}, usedBytes]]);
      metrics.replace("disk_size_bytes", [[{}, totalBytes]]);
      return metrics.text();
    },
  };
}

const loadOf = () => (loadavg()[0] ?? 0) / availableParallelism();
