import * as v from "valibot";
import { type FaultKind, isFaultKind } from "#shared/fault.ts";
import { type JobStatus, jobStatuses } from "./status.ts";

export const outputTypes = ["single", "hls", "dash", "cmaf"] as const;
export type OutputType = (typeof outputTypes)[number];

/** What a job took: seconds, CPU seconds of ffmpeg and ffprobe, bytes of source and output. */
export type Receipt = { workerSeconds: number; cpuSeconds: number; bytesIn: number; bytesOut: number };

/** One event in a job's life; a field is present when it means something. */
export type JobEvent = {
  jobId: string;
  /** (attempt - 1) * 1,000,000 + n: strictly increasing within a job. */
  sequence: number;
  status: JobStatus;
  /** From 1; grows when the job runs again after a crash or a drain. */
  attempt: number;
  /** RFC 3339. */
  timestamp: string;
  /** Percent encoded, 0 to 100. */
  progress?: number;
  message?: string;
  fps?: number;
  /** Seconds of video encoded a second. */
  speed?: number;
  etaSeconds?: number;
  filesUploaded?: number;
  filesTotal?: number;
  bytesUploaded?: number;
  outputUrl?: string;
  outputType?: OutputType;
  error?: { kind: FaultKind; message: string };
  receipt?: Receipt;
};

/** What a step has to say; who publishes it adds the id, the number, the attempt and the time. */
export type JobNews = Omit<JobEvent, "jobId" | "sequence" | "attempt" | "timestamp">;

/** Sequence numbers of an attempt follow this one. */
export const sequenceBefore = (attempt: number) => (attempt - 1) * 1_000_000;

/** The event's shape in REST, SSE, webhooks and records. */
export const EventJson = v.object({
  job_id: v.string(),
  sequence: v.number(),
  status: v.picklist(jobStatuses),
  attempt: v.number(),
  timestamp: v.string(),
  progress: v.exactOptional(v.number()),
  message: v.exactOptional(v.string()),
  fps: v.exactOptional(v.number()),
  speed: v.exactOptional(v.number()),
  eta_seconds: v.exactOptional(v.number()),
  files_uploaded: v.exactOptional(v.number()),
  files_total: v.exactOptional(v.number()),
  bytes_uploaded: v.exactOptional(v.number()),
  output_url: v.exactOptional(v.string()),
  output_type: v.exactOptional(v.picklist(outputTypes)),
  error: v.exactOptional(
    v.object({
      kind: v.custom<FaultKind>((kind) => typeof kind === "string" && isFaultKind(kind)),
      message: v.string(),
    }),
  ),
  receipt: v.exactOptional(
    v.object({ worker_seconds: v.number(), cpu_seconds: v.number(), bytes_in: v.number(), bytes_out: v.number() }),
  ),
});
export type EventJson = v.InferOutput<typeof EventJson>;

export function eventToJson(event: JobEvent): EventJson {
  const { jobId, etaSeconds, filesUploaded, filesTotal, bytesUploaded, outputUrl, outputType, receipt, ...same } =
    event;
  return {
    job_id: jobId,
    ...same,
    ...(etaSeconds !== undefined && { eta_seconds: etaSeconds }),
    ...(filesUploaded !== undefined && { files_uploaded: filesUploaded }),
    ...(filesTotal !== undefined && { files_total: filesTotal }),
    ...(bytesUploaded !== undefined && { bytes_uploaded: bytesUploaded }),
    ...(outputUrl !== undefined && { output_url: outputUrl }),
    ...(outputType !== undefined && { output_type: outputType }),
    ...(receipt && {
      receipt: {
        worker_seconds: receipt.workerSeconds,
        cpu_seconds: receipt.cpuSeconds,
        bytes_in: receipt.bytesIn,
        bytes_out: receipt.bytesOut,
      },
    }),
  };
}

export function eventFromJson(json: EventJson): JobEvent {
  const {
    job_id,
    eta_seconds,
    files_uploaded,
    files_total,
    bytes_uploaded,
    output_url,
    output_type,
    receipt,
    ...same
  } = json;
  return {
    jobId: job_id,
    ...same,
    ...(eta_seconds !== undefined && { etaSeconds: eta_seconds }),
    ...(files_uploaded !== undefined && { filesUploaded: files_uploaded }),
    ...(files_total !== undefined && { filesTotal: files_total }),
    ...(bytes_uploaded !== undefined && { bytesUploaded: bytes_uploaded }),
    ...(output_url !== undefined && { outputUrl: output_url }),
    ...(output_type !== undefined && { outputType: output_type }),
    ...(receipt && {
      receipt: {
        workerSeconds: receipt.worker_seconds,
        cpuSeconds: receipt.cpu_seconds,
        bytesIn: receipt.bytes_in,
        bytesOut: receipt.bytes_out,
      },
    }),
  };
}
