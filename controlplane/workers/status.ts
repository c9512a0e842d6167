import type { WorkerStatus } from "#proto/worker/v1/worker_pb.js";
import type { Log } from "#shared/log.ts";
import type { Link } from "./link.ts";
import type { Links } from "./links.ts";
import type { WorkerReport } from "./report.ts";

type Options = {
  links: Links;
  /** Whether to connect to sleeping workers, which starts their machines; else they are reported as asleep. */
  wake: boolean;
  log: Log;
};

const statusTimeoutMs = 5_000;

/** Asks all workers for their status at the same time. */
export async function workerReports({ links, wake, log }: Options): Promise<WorkerReport[]> {
  const report = async (link: Link): Promise<WorkerReport> => {
    const { address } = link;
    if (!wake && link.isStarting()) return { address, reachable: false, starting: true };
    if (!wake && !link.isConnected()) return { address, reachable: false, asleep: true };
    if (!(await link.connect(statusTimeoutMs))) return silent(link);
    try {
      return reportOf(address, await link.ask((calls) => calls.getStatus({}, { timeoutMs: statusTimeoutMs })));
    } catch (error) {
      log.warn({ err: error, worker: address }, "a worker does not answer");
      return silent(link);
    }
  };
  await links.refresh();
  return Promise.all(links.known().map(report));
}

const silent = (link: Link): WorkerReport => ({
  address: link.address,
  reachable: false,
  ...(link.isStarting() && { starting: true }),
});

const reportOf = (address: string, status: WorkerStatus): WorkerReport => ({
  address,
  reachable: true,
  worker_id: status.workerId,
  version: status.version,
  current_jobs: status.currentJobs,
  max_concurrent_jobs: status.maxConcurrentJobs,
  active_job_ids: status.activeJobIds,
  draining: status.draining,
  load: Math.round(status.load * 100) / 100,
  memory: Number(status.memory),
  // Workers of former versions do not tell these.
  ...(status.cpus && { cpus: status.cpus }),
  ...(status.machineMemory && { machine_memory: Number(status.machineMemory) }),
  ...(status.diskTotal && { disk_free: Number(status.diskFree), disk_total: Number(status.diskTotal) }),
  ...(status.ffmpegVersion && { ffmpeg_version: status.ffmpegVersion }),
  ...(status.startedAt && { started_at: status.startedAt }),
  capabilities: status.capabilities,
});
