import type { Job } from "#client/client.ts";
import { bytes, sourceUrls, span } from "./format.ts";
import { madeOfPieces } from "./pieces-words.ts";
import { addressOf, workerOf } from "./state/workers.ts";

// What failed or was cancelled has left nothing there.
const hasOutput = (status: Job["status"]) => status !== "failed" && status !== "cancelled";

/** What was ordered, and what became of it. */
export const jobWords = ({ job_id, order, attempt, output_url, output_type, ...job }: Job) => ({
  Source: order && sourceUrls(order).join(", "),
  Preset: order?.preset,
  Tenant: order?.tenant,
  Storage: order?.output?.storage,
  Output: output_url ?? (hasOutput(job.status) ? order?.output?.path : undefined),
  Type: output_type,
  Size: job.bytes_uploaded && bytes(job.bytes_uploaded),
  Files: hasOutput(job.status) && job.files_total && `${job.files_uploaded ?? 0} of ${job.files_total}`,
  "Encoded in": job.status === "completed" && job.pieces && madeOfPieces(job.pieces),
  Worker: addressOf(workerOf(job_id)),
  Attempt: attempt > 1 && String(attempt),
  Repeats: order?.retry_of,
});

type Receipt = NonNullable<Job["receipt"]>;

/** What a job has taken. */
export const costWords = ({ cost, media_seconds: media, ...receipt }: Receipt) => ({
  Took: span(receipt.worker_seconds * 1_000),
  CPU: span(receipt.cpu_seconds * 1_000),
  "CPU a minute": media > 0 && `${span((receipt.cpu_seconds / media) * 60_000)} for a minute of film`,
  Measuring: receipt.measure_cpu_seconds && `${span(receipt.measure_cpu_seconds * 1_000)} of CPU`,
  Aiming: receipt.aim_cpu_seconds && `${span(receipt.aim_cpu_seconds * 1_000)} of CPU`,
  Memory: receipt.peak_memory > 0 && bytes(receipt.peak_memory),
  Fetched: bytes(receipt.bytes_in),
  Written: bytes(receipt.bytes_out),
  "Cold start": receipt.cold_start_seconds >= 1 && span(receipt.cold_start_seconds * 1_000),
  Requests: receipt.storage_requests > 0 && `${receipt.storage_requests} to the storage`,
  Cost: cost?.toFixed(4),
});
