import { isFinal, type Job } from "#client/client.ts";
import { timeOf } from "./format.ts";

/** What charts know of a job that has ended. */
export type EndedJob = {
  /** When it ended, in Unix milliseconds. */
  at: number;
  status: "completed" | "failed" | "cancelled";
  preset: string;
  /** Empty for none. */
  tenant: string;
  /** What the job's id begins with. */
  worker: string;
  /** Minutes of video that were encoded. */
  minutes: number;
  /** Seconds from its order to when a worker took it; undefined where that is not known. */
  wait: number | undefined;
  /** In the currency of the worker's price; undefined where the worker has none. */
  cost: number | undefined;
};

/** Undefined for a job that goes on. */
export function endedJob(job: Job): EndedJob | undefined {
  const { status, job_id, timestamp, order, receipt } = job;
  if (!isFinal(status) || (status !== "completed" && status !== "failed" && status !== "cancelled")) return undefined;
  return {
    at: Date.parse(timestamp),
    status,
    preset: order?.preset ?? "",
    tenant: order?.tenant ?? "",
    worker: job_id.split("-", 1)[0] ?? "",
    minutes: status === "completed" ? (receipt?.media_seconds ?? 0) / 60 : 0,
    wait: waitOf(job),
    cost: receipt?.cost,
  };
}

/** Without the time of acceptance, a job waited while no worker spent time on it. */
function waitOf({ job_id, timestamp, accepted_at, receipt }: Job): number | undefined {
  const begun = timeOf(job_id);
  if (begun === undefined || (!accepted_at && !receipt)) return undefined;
  const taken = accepted_at ? Date.parse(accepted_at) : Date.parse(timestamp) - (receipt?.worker_seconds ?? 0) * 1_000;
  return Math.max(0, taken - begun) / 1_000;
}

/** The share of jobs that completed of those that completed or failed, in percent; undefined where there are none. */
export function successOf(jobs: readonly EndedJob[]): number | undefined {
  const completed = jobs.filter(({ status }) => status === "completed").length;
  const tried = completed + jobs.filter(({ status }) => status === "failed").length;
  return tried === 0 ? undefined : (completed / tried) * 100;
}

export const minutesOf = (jobs: readonly EndedJob[]) => jobs.reduce((sum, { minutes }) => sum + minutes, 0);

/** Undefined where no job has a price. */
export function costOf(jobs: readonly EndedJob[]): number | undefined {
  const costs = jobs.flatMap(({ cost }) => cost ?? []);
  return costs.length === 0 ? undefined : costs.reduce((sum, cost) => sum + cost, 0);
}

/** The wait in seconds that a share of the jobs, from 0 to 1, did not exceed; undefined where none is known. */
export function waitAt(jobs: readonly EndedJob[], share: number): number | undefined {
  const waits = jobs.flatMap(({ wait }) => wait ?? []).sort((a, b) => a - b);
  return waits[Math.min(waits.length - 1, Math.floor(waits.length * share))];
}

const hourMs = 3_600_000;

/** The ranges of charts: how far they reach back, and how long each of their parts is. */
export const ranges = {
  "24h": { title: "24 hours", reachMs: 24 * hourMs, partMs: hourMs },
  "7d": { title: "7 days", reachMs: 7 * 24 * hourMs, partMs: 6 * hourMs },
  "30d": { title: "30 days", reachMs: 30 * 24 * hourMs, partMs: 24 * hourMs },
} as const;
export type Range = keyof typeof ranges;

/** The beginnings of a range's parts in Unix milliseconds, whole hours or days (UTC); the last part goes on. */
export function partsOf(range: Range, now: number): number[] {
  const { reachMs, partMs } = ranges[range];
  const last = Math.floor(now / partMs) * partMs;
  const count = reachMs / partMs;
  return Array.from({ length: count }, (_, index) => last - (count - 1 - index) * partMs);
}

/** The jobs that ended in each part of a range. */
export function inParts(jobs: readonly EndedJob[], parts: readonly number[]): EndedJob[][] {
  const first = parts[0] ?? 0;
  const length = (parts[1] ?? first + 1) - first;
  const groups: EndedJob[][] = parts.map(() => []);
  for (const job of jobs) groups[Math.floor((job.at - first) / length)]?.push(job);
  return groups;
}

/** The jobs by what they share, those with the most jobs first. What is behind the fifth is one group, `others`. */
export function groupsOf(jobs: readonly EndedJob[], by: "preset" | "tenant" | "worker"): [string, EndedJob[]][] {
  const groups = Map.groupBy(jobs, (job) => job[by]);
  const sorted = [...groups].sort(([, a], [, b]) => b.length - a.length);
  const others = sorted.slice(mostGroups).flatMap(([, jobs]) => jobs);
  return [
    ...sorted.slice(0, mostGroups),
    ...(others.length > 0 ? [["\0", others] satisfies [string, EndedJob[]]] : []),
  ];
}

const mostGroups = 5;
export const others = "\0";
