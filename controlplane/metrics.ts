import type { WorkerStatus } from "#proto/worker/v1/worker_pb.js";
import { faultKinds } from "#shared/fault.ts";
import type { JobEvent } from "#shared/job/event.ts";
import { type Priority, priorities } from "#shared/job/priority.ts";
import { makeMetrics } from "#shared/metrics/metrics.ts";
import { countReceipt, receiptMetrics } from "#shared/metrics/receipts.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import type { HelpOutcome } from "./dispatch/help-outcome.ts";
import type { RecordsHealth } from "./lookup/records-health.ts";
import type { RoomSummary } from "./queue/waiting-room.ts";
import { joinWorkerMetrics } from "./workers/worker-metrics.ts";

export const prefixes = { own: "flux_", jobs: "flux_job_" } as const;

export const definitions = {
  http_request_duration_seconds: {
    type: "histogram",
    labels: ["method", "route", "status"],
    buckets: [0.005, 0.025, 0.1, 0.5, 2.5, 10, 60],
    help: "Seconds until an answer began, by the route's pattern",
  },
  sse_streams: { type: "gauge", labels: [], help: "Event streams that are open" },
  jobs_total: {
    type: "counter",
    labels: ["outcome", "preset", "tenant"],
    help: "Ended jobs of the orders that this replica took",
  },
  job_failures_total: { type: "counter", labels: ["kind"], help: "Those of them that failed, by the kind of fault" },
  dispatch_attempts_total: {
    type: "counter",
    labels: ["worker", "answer"],
    help: "Orders offered to a worker: accepted, repeat (a known idempotency key), full, later, broken, failed or refused",
  },
  dispatch_wait_seconds: {
    type: "histogram",
    labels: ["worker"],
    buckets: [0.01, 0.05, 0.25, 1, 5, 15, 30, 60, 120],
    help: "Seconds until an order was accepted, by the worker that took it",
  },
  helped_pieces_total: {
    type: "counter",
    labels: ["worker", "outcome"],
    help: "Pieces of films that a worker was to encode for another: done, unneeded (another was first), busy, unfit (it cannot help), failed or closed (no longer wanted)",
  },
  connected: {
    type: "gauge",
    labels: ["worker"],
    help: "1 for a worker that is connected and answers, 0 for one asleep",
  },
  records_up: {
    type: "gauge",
    labels: ["storage"],
    help: "0 while the storage of job records, which this replica reads, does not answer as it should, else 1",
  },
  queue_waiting: {
    type: "gauge",
    labels: ["priority"],
    help: "Orders of the waiting room that wait for a worker, which every replica of the room tells the same",
  },
  queue_running: { type: "gauge", labels: [], help: "Orders of the room that a worker is offered or runs" },
  queue_oldest_seconds: {
    type: "gauge",
    labels: [],
    help: "How long the oldest of the waiting orders has waited; 0 when none waits",
  },
  uploads_open: {
    type: "gauge",
    labels: [],
    help: "Uploads that are not finished, of all replicas, as this one last looked; 0 where none are taken",
  },
  uploads_total: {
    type: "counter",
    labels: ["outcome"],
    help: "Uploads of this replica: created, finished, removed (by their client) or expired",
  },
  upload_bytes_total: { type: "counter", labels: [], help: "Bytes of uploads that this replica has taken" },
  slots: { type: "gauge", labels: ["worker"], help: "Jobs that a connected worker runs at a time" },
  slots_taken: { type: "gauge", labels: ["worker"], help: "Those of them that are taken" },
} as const;

export const jobDefinitions = receiptMetrics("worker");

export type ControlPlaneMetrics = ReturnType<typeof makeControlPlaneMetrics>;

/** A worker and its status; undefined when it is not connected or did not answer. */
export type Asked = { worker: string; status: WorkerStatus | undefined };

/** What the metrics tell beside the counts of this control plane. */
export type Observed = {
  workers: readonly Asked[];
  records: Pick<RecordsHealth, "place" | "problem">;
  /** What the waiting room holds; undefined without a room, and when it did not answer. */
  queue: RoomSummary | undefined;
  /** In Unix milliseconds. */
  now: number;
};

/** The metrics of a control plane since it started, with those that connected workers report. */
export function makeControlPlaneMetrics() {
  const own = makeMetrics(prefixes.own, definitions);
  const jobs = makeMetrics(prefixes.jobs, jobDefinitions);
  // Counters begin at 0, so that the first failure of a kind shows as an increase.
  for (const kind of faultKinds) own.add("job_failures_total", { kind }, 0);

  return {
    answered: (request: { method: string; route: string; status: string }, seconds: number) =>
      own.observe("http_request_duration_seconds", request, seconds),
    streams: (more: 1 | -1) => own.add("sse_streams", {}, more),
    offered: (worker: string, answer: string) => own.add("dispatch_attempts_total", { worker, answer }),
    accepted: (worker: string, waitedSeconds: number) =>
      own.observe("dispatch_wait_seconds", { worker }, waitedSeconds),
    helped: (worker: string, outcome: HelpOutcome) => own.add("helped_pieces_total", { worker, outcome }),
    uploads: {
      open: (count: number) => own.replace("uploads_open", [[{}, count]]),
      created: () => own.add("uploads_total", { outcome: "created" }),
      finished: () => own.add("uploads_total", { outcome: "finished" }),
      removed: () => own.add("uploads_total", { outcome: "removed" }),
      expired: () => own.add("uploads_total", { outcome: "expired" }),
      received: (bytes: number) => own.add("upload_bytes_total", {}, bytes),
    },
    /** Counts an ended job; must be called once for each. */
    ended({ status, error, receipt }: JobEvent, { preset = "", tenant = "" }: JobRequestInit, worker: string) {
      own.add("jobs_total", { outcome: status, preset, tenant });
      if (status === "failed") own.add("job_failures_total", { kind: error?.kind ?? "" });
      if (receipt) countReceipt(jobs, { worker }, receipt);
    },
    text({ workers, records: { place, problem }, queue, now }: Observed): string {
      own.replace("records_up", place === undefined ? [] : [[{ storage: place }, problem() === undefined ? 1 : 0]]);
      own.replace("queue_waiting", queue ? priorities.map((one) => [{ priority: one }, waitingOf(queue, one)]) : []);
      own.replace("queue_running", queue ? [[{}, total(queue.running)]] : []);
      own.replace("queue_oldest_seconds", queue ? [[{}, Math.max(0, now - (queue.oldest ?? now)) / 1_000]] : []);
      const awake = workers.flatMap(({ worker, status }) => (status ? [{ worker, ...status }] : []));
      own.replace(
        "connected",
        workers.map(({ worker, status }) => [{ worker }, status ? 1 : 0] as const),
      );
      own.replace(
        "slots",
        awake.map(({ worker, maxConcurrentJobs }) => [{ worker }, maxConcurrentJobs] as const),
      );
      own.replace(
        "slots_taken",
        awake.map(({ worker, currentJobs }) => [{ worker }, currentJobs] as const),
      );
      return own.text() + jobs.text() + joinWorkerMetrics(awake);
    },
  };
}

const waitingOf = ({ waiting }: RoomSummary, asked: Priority) =>
  total(waiting.filter(({ priority }) => priority === asked));
const total = (counts: readonly { count: number }[]) => counts.reduce((sum, { count }) => sum + count, 0);
