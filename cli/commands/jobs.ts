import { describe } from "#cli/progress.ts";
import type { Job } from "#client/client.ts";

export function listJobs(jobs: readonly Job[]) {
  for (const job of jobs) console.log(`${job.job_id}  ${job.status.padEnd(10)}  ${job.timestamp}  ${describe(job)}`);
}
