import { signal } from "@preact/signals";
import { isFinal, type Job, type JobStatus } from "#client/client.ts";
import { timeOf } from "../format.ts";
import { jobSignal, listed, liveJobs } from "./jobs.ts";
import { workerOf } from "./workers.ts";

/** The encode speed of each worker at one moment, in seconds of video a second; `at` is in Unix milliseconds. */
export type Sample = { at: number; speeds: ReadonlyMap<string, number> };

const keptSamples = 400;

/** The samples since this page was opened; the service itself keeps no history. */
export const samples = signal<readonly Sample[]>([]);

export function sample(at: number) {
  const speeds = new Map<string, number>();
  for (const { job_id, speed = 0 } of liveJobs()) {
    const worker = workerOf(job_id);
    speeds.set(worker, (speeds.get(worker) ?? 0) + speed);
  }
  samples.value = [...samples.value.slice(1 - keptSamples), { at, speeds }];
}

export const endedJobs = () =>
  listed.value.flatMap((jobId) => jobSignal(jobId)?.value ?? []).filter(({ status }) => isFinal(status));

/** How many seconds a job waited: the time from its order to its end, less the time that the worker spent on it. */
export function waitOf({ job_id, timestamp, receipt }: Job): number | undefined {
  const begun = timeOf(job_id);
  if (begun === undefined || !receipt) return undefined;
  return Math.max(0, (Date.parse(timestamp) - begun) / 1_000 - receipt.worker_seconds);
}

const hourMs = 3_600_000;
const shownHours = 24;

/** Counts ended jobs by outcome in each of 24 hours, up to the hour in which the last one ended. */
export function outcomesByHour(jobs: readonly Job[]) {
  const ended = jobs.map(({ status, timestamp }) => ({ status, hour: Math.floor(Date.parse(timestamp) / hourMs) }));
  if (ended.length === 0) return [];
  const last = Math.max(...ended.map(({ hour }) => hour));
  return Array.from({ length: shownHours }, (_, index) => {
    const hour = last - shownHours + 1 + index;
    const count = (outcome: JobStatus) => ended.filter((job) => job.hour === hour && job.status === outcome).length;
    return {
      hour: hour * hourMs,
      completed: count("completed"),
      failed: count("failed"),
      cancelled: count("cancelled"),
    };
  });
}
